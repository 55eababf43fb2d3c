/** The command line of a command: its flags, `--help` and `--version`. */
import { type ParseArgsConfig, parseArgs } from 'node:util';

export interface CommandOption {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  /** Name of the value in the help: `FILE`. */
  readonly value?: string;
  readonly help: string;
}

export type CommandOptions = Readonly<Record<string, CommandOption>>;

export interface CommandLine<Options extends CommandOptions> {
  /** `npm run export` */
  readonly name: string;
  /** One sentence for the help. */
  readonly summary: string;
  /** How the arguments are written: `INCIDENT`. Without it there are none. */
  readonly positionals?: string;
  readonly options: Options;
  /** Further lines of the help. */
  readonly notes?: readonly string[];
  readonly version: string;
}

type Value<Option extends CommandOption> = Option['type'] extends 'boolean'
  ? boolean
  : Option extends { readonly multiple: true }
    ? readonly string[]
    : string;

/** Either the values to run with, or a text after which the command ends: exit code 0 on stdout, 2 on stderr. */
export type Parsed<Options extends CommandOptions> =
  | {
      readonly kind: 'run';
      readonly values: { readonly [Name in keyof Options]?: Value<Options[Name]> };
      readonly positionals: readonly string[];
    }
  | { readonly kind: 'end'; readonly exitCode: 0 | 2; readonly text: string };

const common: CommandOptions = {
  help: { type: 'boolean', help: 'Show this help.' },
  version: { type: 'boolean', help: 'Show the version.' },
};

/** Parses the arguments after the name of the command. */
export function parseCommandLine<const Options extends CommandOptions>(
  command: CommandLine<Options>,
  args: readonly string[],
): Parsed<Options> {
  const options: NonNullable<ParseArgsConfig['options']> = Object.fromEntries(
    Object.entries({ ...command.options, ...common }).map(([name, { type, multiple = false }]) => [
      name,
      { type, multiple },
    ]),
  );
  try {
    const allowPositionals = command.positionals !== undefined;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals });
    if (values['help'] === true) return { kind: 'end', exitCode: 0, text: helpOf(command) };
    if (values['version'] === true) return { kind: 'end', exitCode: 0, text: `faultline ${command.version}\n` };
    return { kind: 'run', values: values as Extract<Parsed<Options>, { kind: 'run' }>['values'], positionals };
  } catch (error) {
    const [reason] = (error as Error).message.split('. ', 1);
    return { kind: 'end', exitCode: 2, text: `${reason}\n\n${helpOf(command)}` };
  }
}

/** The help: usage, summary and one line for each option. */
export function helpOf({
  name,
  summary,
  positionals,
  options,
  notes = [],
}: Omit<CommandLine<CommandOptions>, 'version'>): string {
  const all = Object.entries({ ...options, ...common });
  const flagOf = ([flag, { type, value = 'VALUE', multiple }]: [string, CommandOption]) =>
    `--${flag}${type === 'boolean' ? '' : ` ${value}`}${multiple ? '...' : ''}`;
  const width = Math.max(...all.map((option) => flagOf(option).length));
  const lines = all.map((option) => `  ${flagOf(option).padEnd(width)}  ${option[1].help}`);
  const usage = `usage: ${name} --${positionals === undefined ? '' : ` ${positionals}`} [options]`;
  return `${[usage, summary, '', ...lines, ...(notes.length === 0 ? [] : ['', ...notes])].join('\n')}\n`;
}
