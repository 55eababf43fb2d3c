/** The commands of this package as their help shows them. */
import type { CommandLine, CommandOptions } from '@faultline/runtime';
import { serviceNames } from './service-list.ts';
import { version } from './version.ts';

const config = {
  type: 'string',
  multiple: true,
  value: 'FILE',
  help: 'A configuration file. May be repeated; later files override earlier ones.',
} as const;
const data = { type: 'string', value: 'DIR', help: 'Folder of the embedded log and store.' } as const;
const only = { type: 'string', value: 'a,b', help: `Run these services only: ${serviceNames.join(', ')}.` } as const;

export const startCommand = {
  name: 'npm start',
  summary: 'Starts Faultline, or some of its services, in one process.',
  options: { config, data, only },
  version,
} as const satisfies CommandLine<CommandOptions>;

export const configCommand = {
  name: 'npm run config',
  summary: 'Checks, prints and documents the configuration.',
  positionals: 'COMMAND [NAME=VALUE | NAME | FILE | FINGERPRINT]...',
  options: {
    config,
    data,
    only,
    diff: { type: 'boolean', help: 'print: only settings that differ from the defaults.' },
    source: {
      type: 'string',
      value: 'NAME',
      help: 'try-mapping: the source whose mapping is tried. why: the source of the alert.',
    },
    expression: { type: 'string', value: 'FILE', help: 'try-mapping: a file with another mapping.' },
    header: { type: 'string', multiple: true, value: 'NAME=VALUE', help: 'try-mapping: a header of the request.' },
    url: { type: 'string', value: 'URL', help: 'why, hygiene: a running Faultline. Default: http://127.0.0.1:8080' },
    tenant: { type: 'string', value: 'NAME', help: 'why, hygiene: the tenant, where no token says it.' },
    days: { type: 'string', value: 'N', help: 'hygiene: read the last N days. Default: 90.' },
    out: { type: 'string', value: 'DIR', help: 'hygiene: write each patch to a file of this folder.' },
  },
  notes: [
    'commands:',
    '  check       find everything that `npm start` would refuse, with the same --config, --data and --only',
    '  print       the effective configuration, with secrets masked',
    '  docs        every setting, as Markdown',
    '  hash-token  a new token and the hash to configure',
    '  try-mapping what the body in FILE becomes by the mapping of --source',
    '  backtest    what the rules of --config would have made of incidents that `npm run export` wrote to FILE...',
    '  rules       the built-in rules that `ingest.removedEntityRules` can remove',
    '  owners      who owns the service NAME, or each one that a source names, and which source says so',
    '  on-call     who is on call now, by the schedule NAME or by each one',
    '  hygiene     alert rules that cost more than they tell, with patches and what these would have saved and missed',
    '  try-labels  which entity the labels NAME=VALUE... name, and why',
    '  why         why the alert with this FINGERPRINT was paged or not; a name finds alerts that look like it',
    'The environment variable FAULTLINE_TOKEN holds an access token, where why or hygiene needs one.',
  ],
  version,
} as const satisfies CommandLine<CommandOptions>;

export const exportCommand = {
  name: 'npm run export',
  summary: 'Exports the journal of an incident, to replay it or to attach it to a bug report.',
  positionals: 'INCIDENT',
  options: {
    url: { type: 'string', value: 'URL', help: 'A running Faultline. Default: http://127.0.0.1:8080' },
    data: { type: 'string', value: 'DIR', help: 'The data folder of a stopped Faultline, instead of --url.' },
    config: { type: 'string', value: 'FILE', help: 'The configuration of a stopped Faultline, instead of --url.' },
    tenant: { type: 'string', value: 'NAME', help: 'The tenant, where no token says it.' },
    out: { type: 'string', value: 'FILE', help: 'Write to a file. Default: stdout.' },
  },
  notes: ['The environment variable FAULTLINE_TOKEN holds the access token, where one is needed.'],
  version,
} as const satisfies CommandLine<CommandOptions>;

export const replayCommand = {
  name: 'npm run replay',
  summary: 'Replays an export offline. Exit code 0: every revision came out as it was published.',
  positionals: 'FILE',
  options: {},
  version,
} as const satisfies CommandLine<CommandOptions>;

export const deadLettersCommand = {
  name: 'npm run dead-letters',
  summary: 'Shows what senders sent and nobody could read, and sends it again.',
  positionals: 'COMMAND [ID]...',
  options: {
    url: { type: 'string', value: 'URL', help: 'A running Faultline. Default: http://127.0.0.1:8080' },
    tenant: { type: 'string', value: 'NAME', help: 'The tenant, where no token says it.' },
    source: { type: 'string', value: 'NAME', help: 'Only letters of this source.' },
    config: { type: 'string', value: 'FILE', help: 'replay: the configuration with the mended mapping.' },
    header: { type: 'string', multiple: true, value: 'NAME=VALUE', help: 'replay: a header that the sender sent.' },
  },
  notes: [
    'commands:',
    '  list    the newest 100',
    '  show    letters with their payload',
    '  replay  sends letters again that the configuration takes now; the running Faultline needs the same configuration',
    'The environment variable FAULTLINE_TOKEN holds a token of the role admin, where one is needed.',
  ],
  version,
} as const satisfies CommandLine<CommandOptions>;
