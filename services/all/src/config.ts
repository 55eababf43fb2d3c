/** `npm run config -- check|print|docs|hash-token|try-labels`: checks, prints and documents the configuration. */
import { runConfigCommand } from '@faultline/runtime';
import { foldersOf, loadAppConfig } from './app-config.ts';
import { runCheck } from './check.ts';
import { readCommandLine } from './command.ts';
import { configCommand } from './commands.ts';
import { sections } from './sections.ts';
import { parseLabels, tryLabels } from './try-labels.ts';

const { positionals, values } = readCommandLine(configCommand);
const [command, ...words] = positionals;
const env = process.env;
const write = (text: string) => void process.stdout.write(text);
const writeError = (text: string) => void process.stderr.write(text);

process.exitCode = await run();

async function run(): Promise<number> {
  if (command === 'check') return runCheck({ ...values, env, write, writeError });
  if (command === 'try-labels') return runTryLabels();
  const { config: file, data, diff = false } = values;
  return runConfigCommand(command, { sections, file, overrides: foldersOf(data), diff, env, write, writeError });
}

function runTryLabels(): number {
  const labels = parseLabels(words);
  if (labels === null) {
    writeError('try-labels: expected labels as NAME=VALUE\n');
    return 2;
  }
  write(tryLabels(labels, loadAppConfig(values.config === undefined ? {} : { file: values.config })));
  return 0;
}
