/** `npm run config -- COMMAND`: checks, prints and documents the configuration, and shows what a label set is about. */
import { AppError, type ConfigCommandOptions, runConfigCommand } from '@faultline/runtime';
import { foldersOf, loadAppConfig } from './app-config.ts';
import { runCheck } from './check.ts';
import { readCommandLine } from './command.ts';
import { configCommand } from './commands.ts';
import { sections } from './sections.ts';
import { parseLabels, tryLabels } from './try-labels.ts';

const { positionals, values } = readCommandLine(configCommand);
const write = (text: string) => void process.stdout.write(text);
const writeError = (text: string) => void process.stderr.write(text);
const [command, ...words] = positionals;
process.exitCode = await runCommand();

async function runCommand(): Promise<number> {
  if (command === 'check') return await runCheck({ ...values, env: process.env, write, writeError });
  if (command === 'try-labels') return runTryLabels();
  return runConfigCommand(command, printOptions());
}

function printOptions(): ConfigCommandOptions {
  const { config: file, data, diff = false } = values;
  return { sections, file, overrides: foldersOf(data), diff, env: process.env, write, writeError };
}

function runTryLabels(): number {
  const labels = parseLabels(words);
  if (labels === null) {
    writeError('try-labels: expected labels as NAME=VALUE\n');
    return 2;
  }
  try {
    write(tryLabels(labels, loadAppConfig(values.config === undefined ? {} : { file: values.config })));
    return 0;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    writeError(`${error.message} [${error.code}]\n`);
    return 1;
  }
}
