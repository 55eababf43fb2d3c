import { createToken } from '../auth.ts';
import { AppError } from '../error.ts';
import { describeConfig } from './describe.ts';
import type { Environment } from './environment.ts';
import { filesOf, loadConfig } from './load.ts';
import { printConfig } from './print.ts';
import type { Sections } from './schema.ts';

export interface ConfigCommandOptions {
  readonly sections: Sections;
  readonly file: string | readonly string[] | undefined;
  /** For `print`: only what differs from the defaults. */
  readonly diff: boolean;
  readonly env: Environment;
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
}

const usage = `usage: npm run config -- COMMAND [--config FILE]...
  check            is the configuration good?
  print [--diff]   what holds, with secrets masked; --diff: only what differs from the defaults
  docs             everything that can be set, as Markdown
  hash-token       a new token and the hash to configure
  try-labels K=V.. what a label set is about, and why
`;

/** Runs one command of `npm run config`; gives the exit code: 0 well, 1 a bad configuration, 2 no such command. */
export function runConfigCommand(command: string | undefined, options: ConfigCommandOptions): number {
  const run = commands[command ?? ''];
  if (run === undefined) {
    options.writeError(usage);
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
  check: (options) => {
    loadConfig(options);
    return `${filesOf(options.file).join(' with ') || 'the defaults'}: good\n`;
  },
  print: (options) => printConfig(loadConfig(options), options),
  docs: ({ sections }) => `${describeConfig(sections)}\n`,
  'hash-token': () => {
    const { token, hash } = createToken();
    return `token (give it to the sender; it is shown only now): ${token}\nhash (for auth.tokens): ${hash}\n`;
  },
};
