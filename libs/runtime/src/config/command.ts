import { createToken } from '../auth.ts';
import { AppError } from '../error.ts';
import { describeConfig } from './describe.ts';
import type { Environment } from './environment.ts';
import { loadConfig } from './load.ts';
import { printConfig } from './print.ts';
import type { Sections } from './schema.ts';

export interface ConfigCommandOptions {
  readonly sections: Sections;
  readonly file: string | readonly string[] | undefined;
  /** For `print`: only values that differ from the defaults. */
  readonly diff: boolean;
  readonly env: Environment;
  /** On top of the file. */
  readonly overrides?: object | undefined;
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
}

/** Runs `print`, `docs` and `hash-token` of `npm run config`. Returns the exit code: 0 success, 1 a bad configuration, 2 an unknown command. */
export function runConfigCommand(command: string | undefined, options: ConfigCommandOptions): number {
  const run = commands[command ?? ''];
  if (run === undefined) {
    options.writeError(`no such command: ${command ?? ''}; see --help\n`);
    return 2;
  }
  try {
    options.write(run(options));
    return 0;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    options.writeError(`${error.message} [${error.code}]\n`);
    return 1;
  }
}

const commands: Readonly<Record<string, (options: ConfigCommandOptions) => string>> = {
  print: (options) => printConfig(loadConfig(options), options),
  docs: ({ sections }) => `${describeConfig(sections)}\n`,
  'hash-token': () => {
    const { token, hash } = createToken();
    return `token (give it to the sender; it is not shown again): ${token}\nhash (for auth.tokens): ${hash}\n`;
  },
};
