/** `npm run config -- check|print|docs|hash-token`: is a configuration good, what holds, what is there to set, a new token. */
import { parseArgs } from 'node:util';
import { runConfigCommand } from '@faultline/runtime';
import { sections } from './sections.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { config: { type: 'string', multiple: true }, diff: { type: 'boolean', default: false } },
});
process.exitCode = runConfigCommand(positionals[0], {
  sections,
  file: values.config,
  diff: values.diff,
  env: process.env,
  write: (text) => void process.stdout.write(text),
  writeError: (text) => void process.stderr.write(text),
});
