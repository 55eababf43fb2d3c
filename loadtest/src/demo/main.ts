/** `npm run demo`: a simulated shop breaks, and one page names the cause. Everything runs in one process, over real sockets. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommandLine } from '@faultline/runtime';
import manifest from '../../package.json' with { type: 'json' };
import { runDemo } from './run.ts';

const { values } = readCommandLine({
  name: 'npm run demo',
  summary: 'Starts Faultline, sends it a simulated shop with a fault, and checks the incident.',
  options: {
    exit: {
      type: 'boolean',
      help: 'End after the checks; exit code 1 if the cause, the number of incidents or their alerts are wrong.',
    },
    seed: { type: 'string', value: 'N', help: 'Another shop and another fault.' },
    'no-fault': { type: 'boolean', help: 'A false alert: the verdict must be inconclusive.' },
    data: { type: 'string', value: 'DIR', help: 'Keep the data here. Default: a new temporary folder.' },
  },
  version: manifest.version,
});

// The default is the case of the README: after a release, a database three hops away gets slow.
const drawn =
  values.seed === undefined ? { seed: 23, family: 'migration' as const } : { seed: Number(values.seed), family: null };
process.exitCode = await runDemo({
  ...drawn,
  ...(values['no-fault'] ? { family: 'false-alert' as const } : {}),
  exit: values.exit ?? false,
  folder: values.data ?? mkdtempSync(join(tmpdir(), 'faultline-demo-')),
});
