import { type CommandLine, type CommandOptions, type Parsed, parseCommandLine } from '@faultline/runtime';

export type Run<Options extends CommandOptions> = Extract<Parsed<Options>, { kind: 'run' }>;

/** The values of this process's command line. Prints help, version or a mistake, and ends the process. */
export function readCommandLine<const Options extends CommandOptions>(command: CommandLine<Options>): Run<Options> {
  const parsed = parseCommandLine(command, process.argv.slice(2));
  if (parsed.kind === 'run') return parsed;
  (parsed.exitCode === 0 ? process.stdout : process.stderr).write(parsed.text);
  process.exit(parsed.exitCode);
}
