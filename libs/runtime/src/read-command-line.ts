import { type CommandLine, type CommandOptions, type Parsed, parseCommandLine } from './command-line.ts';

export type CommandRun<Options extends CommandOptions> = Extract<Parsed<Options>, { kind: 'run' }>;

/** The values of a command line, by default this process's. Prints help, version or a mistake, and ends the process. */
export function readCommandLine<const Options extends CommandOptions>(
  command: CommandLine<Options>,
  args: readonly string[] = process.argv.slice(2),
): CommandRun<Options> {
  const parsed = parseCommandLine(command, args);
  if (parsed.kind === 'run') return parsed;
  (parsed.exitCode === 0 ? process.stdout : process.stderr).write(parsed.text);
  process.exit(parsed.exitCode);
}
