/** `npm run config -- check|print|docs|hash-token`: checks, prints and documents the configuration. */
import { runConfigCommand } from '@faultline/runtime';
import { foldersOf } from './app-config.ts';
import { runCheck } from './check.ts';
import { readCommandLine } from './command.ts';
import { configCommand } from './commands.ts';
import { sections } from './sections.ts';

const { positionals, values } = readCommandLine(configCommand);
const write = (text: string) => void process.stdout.write(text);
const writeError = (text: string) => void process.stderr.write(text);
const [command] = positionals;
process.exitCode =
  command === 'check'
    ? await runCheck({ ...values, env: process.env, write, writeError })
    : runConfigCommand(command, {
        sections,
        file: values.config,
        overrides: foldersOf(values.data),
        diff: values.diff ?? false,
        env: process.env,
        write,
        writeError,
      });
