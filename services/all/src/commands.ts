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
  commands: {
    check: {
      help: 'find everything that `npm start` would refuse, with the same --config, --data and --only',
      options: ['config', 'data', 'only'],
    },
    print: { help: 'the effective configuration, with secrets masked', options: ['config', 'data', 'diff'] },
    docs: { help: 'every setting, as Markdown', options: [] },
    'hash-token': { help: 'a new token and the hash to configure', options: [] },
    'try-mapping': {
      positionals: 'FILE',
      help: 'what the body in FILE becomes by the mapping of --source',
      options: ['config', 'data', 'source', 'expression', 'header'],
    },
    backtest: {
      positionals: 'FILE...',
      help: 'what the rules of --config would have made of incidents that `npm run export` wrote to FILE...',
      options: ['config', 'data'],
    },
    rules: { help: 'the built-in rules that `ingest.removedEntityRules` can remove', options: [] },
    owners: {
      positionals: '[NAME]',
      help: 'who owns the service NAME, or each one that a source names, and which source says so',
      options: ['config', 'data'],
    },
    'try-labels': {
      positionals: 'NAME=VALUE...',
      help: 'which entity the labels NAME=VALUE... name, and why',
      options: ['config', 'data'],
    },
    'on-call': {
      positionals: '[NAME]',
      help: 'who is on call now, by the schedule NAME or by each one',
      options: ['config', 'data'],
    },
    hygiene: {
      help: 'alert rules that cost more than they tell, with patches and what these would have saved and missed',
      options: ['url', 'tenant', 'days', 'out'],
    },
    why: {
      positionals: 'FINGERPRINT',
      help: 'why the alert with this FINGERPRINT was paged or not; a name finds alerts that look like it',
      options: ['source', 'url', 'tenant'],
    },
  },
  notes: ['The environment variable FAULTLINE_TOKEN holds an access token, where why or hygiene needs one.'],
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
    mapping: {
      type: 'string',
      value: 'FILE',
      help: 'replay: JSONata that makes the body to send from the one that was refused.',
    },
    header: { type: 'string', multiple: true, value: 'NAME=VALUE', help: 'replay: a header that the sender sent.' },
  },
  commands: {
    list: { help: 'the newest 100', options: ['url', 'tenant', 'source'] },
    show: { positionals: 'ID...', help: 'letters with their payload', options: ['url', 'tenant', 'source'] },
    replay: {
      positionals: 'ID...',
      help: 'sends letters again: fixed by --mapping, or after the configuration was fixed. Twice counts once',
      options: ['url', 'tenant', 'source', 'mapping', 'header'],
    },
  },
  notes: ['The environment variable FAULTLINE_TOKEN holds a token of the role admin, where one is needed.'],
  version,
} as const satisfies CommandLine<CommandOptions>;
