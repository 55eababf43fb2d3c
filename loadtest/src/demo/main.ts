/** `npm run demo`: a simulated shop breaks, and one page names the cause. Everything runs in one process, over real sockets. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runDemo } from './run.ts';

const usage = `npm run demo [--] options
  starts Faultline, sends it a simulated shop with a fault, and checks the incident
  --exit      end after the checks; exit code 1 if the cause, the number of incidents or their alerts are wrong
  --seed N    another shop and another fault
  --no-fault  a false alert: the verdict must be inconclusive
  --data DIR  keep the data here; default: a new temporary folder`;

const { values } = parseArgs({
  options: {
    exit: { type: 'boolean', default: false },
    seed: { type: 'string' },
    'no-fault': { type: 'boolean', default: false },
    data: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

// The default is the case of the README: after a release, a database three hops away gets slow.
const drawn =
  values.seed === undefined ? { seed: 23, family: 'migration' as const } : { seed: Number(values.seed), family: null };
if (values.help) console.info(usage);
else
  process.exitCode = await runDemo({
    ...drawn,
    ...(values['no-fault'] ? { family: 'false-alert' as const } : {}),
    exit: values.exit,
    folder: values.data ?? mkdtempSync(join(tmpdir(), 'faultline-demo-')),
  });
