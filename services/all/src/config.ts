/** `npm run config -- check|print|docs|hash-token|try-labels`: is a configuration good, what holds, what can be set, what labels mean. */
import { parseArgs } from 'node:util';
import { runConfigCommand } from '@faultline/runtime';
import { loadAppConfig } from './app-config.ts';
import { sections } from './sections.ts';
import { parseLabels, tryLabels } from './try-labels.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { config: { type: 'string', multiple: true }, diff: { type: 'boolean', default: false } },
});
const [command, ...words] = positionals;
process.exitCode = command === 'try-labels' ? runTryLabels(words) : runCommand();

function runCommand(): number {
  return runConfigCommand(command, {
    sections,
    file: values.config,
    diff: values.diff,
    env: process.env,
    write: (text) => void process.stdout.write(text),
    writeError: (text) => void process.stderr.write(text),
  });
}

function runTryLabels(words: readonly string[]): number {
  const labels = parseLabels(words);
  if (labels === null) {
    process.stderr.write('try-labels: expected labels as NAME=VALUE\n');
    return 2;
  }
  process.stdout.write(tryLabels(labels, loadAppConfig(values.config === undefined ? {} : { file: values.config })));
  return 0;
}
