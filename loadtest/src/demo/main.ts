/** `npm run demo`: a shop breaks, its alerts storm, one page names the cause. Everything in one process, through the real front door. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runDemo } from './run.ts';

const { values } = parseArgs({
  options: {
    exit: { type: 'boolean', default: false },
    seed: { type: 'string' },
    'no-fault': { type: 'boolean', default: false },
    data: { type: 'string' },
  },
});

// The story without a seed is the one in the README: a database slows down three hops away after a release.
const story =
  values.seed === undefined ? { seed: 23, family: 'migration' as const } : { seed: Number(values.seed), family: null };
process.exitCode = await runDemo({
  ...story,
  ...(values['no-fault'] ? { family: 'false-alert' as const } : {}),
  exit: values.exit,
  folder: values.data ?? mkdtempSync(join(tmpdir(), 'faultline-demo-')),
});
