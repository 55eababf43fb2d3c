/** The command line of a command: its flags, `--help` and `--version`. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { nearest } from './config/nearest.ts';

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
  /** What its first argument may be. Without it: anything. */
  readonly commands?: Readonly<Record<string, SubCommand>>;
  /** Further lines of the help. */
  readonly notes?: readonly string[];
  readonly version: string;
}

export interface SubCommand {
  /** What follows its name: `NAME=VALUE...`. */
  readonly positionals?: string;
  readonly help: string;
  /** Names of the options that it reads. */
  readonly options: readonly string[];
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
  const mistake = mistakeIn(command, { args, options });
  if (mistake !== null) return { kind: 'end', exitCode: 2, text: `${mistake}\n\n${helpOf(command)}` };
  try {
    const allowPositionals = command.positionals !== undefined;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals });
    if (values['help'] === true) return { kind: 'end', exitCode: 0, text: helpOf(command, positionals[0]) };
    if (values['version'] === true) return { kind: 'end', exitCode: 0, text: `faultline ${command.version}\n` };
    return { kind: 'run', values: values as Extract<Parsed<Options>, { kind: 'run' }>['values'], positionals };
  } catch (error) {
    const [reason] = (error as Error).message.split('. ', 1);
    return { kind: 'end', exitCode: 2, text: `${reason}\n\n${helpOf(command)}` };
  }
}

interface Words {
  readonly args: readonly string[];
  readonly options: NonNullable<ParseArgsConfig['options']>;
}

/** An option or a command that does not exist, with the one that was probably meant. Null: each exists. */
function mistakeIn(
  { commands }: Pick<CommandLine<CommandOptions>, 'commands'>,
  { args, options }: Words,
): string | null {
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  for (const token of tokens)
    if (token.kind === 'option' && !Object.hasOwn(options, token.name))
      return `unknown option ${token.rawName}${meant(token.name, Object.keys(options), '--')}`;
  const first = tokens.find((token) => token.kind === 'positional')?.value;
  if (commands === undefined || first === undefined || Object.hasOwn(commands, first)) return null;
  return `unknown command ${first}${meant(first, Object.keys(commands), '')}`;
}

function meant(word: string, known: readonly string[], prefix: string): string {
  const near = nearest(word, known);
  return near === null ? '' : `; did you mean ${prefix}${near}?`;
}

/** The help: usage, summary and one line for each option. Of `first`, the name of a command: what that command does and reads. */
export function helpOf(command: Omit<CommandLine<CommandOptions>, 'version'>, first = ''): string {
  const { name, summary, positionals, options, commands = {}, notes = [] } = command;
  const sub = Object.hasOwn(commands, first) ? commands[first] : undefined;
  const words = sub === undefined ? positionals : [first, sub.positionals].filter(Boolean).join(' ');
  const read = Object.entries(options).filter(([option]) => sub === undefined || sub.options.includes(option));
  const usage = `usage: ${name} --${words === undefined ? '' : ` ${words}`} [options]`;
  const about = sub?.help ?? summary;
  const list = sub === undefined ? commandLines(commands) : [];
  const parts = [
    [usage, about],
    optionLines([...read, ...Object.entries(common)]),
    list,
    sub === undefined ? notes : [],
  ];
  return `${parts.flatMap((part, at) => (at === 0 || part.length === 0 ? part : ['', ...part])).join('\n')}\n`;
}

function optionLines(options: readonly (readonly [string, CommandOption])[]): readonly string[] {
  const flags = options.map(
    ([flag, { type, value = 'VALUE', multiple }]) =>
      `--${flag}${type === 'boolean' ? '' : ` ${value}`}${multiple ? '...' : ''}`,
  );
  const width = Math.max(...flags.map((flag) => flag.length));
  return options.map(([, { help }], at) => `  ${(flags[at] ?? '').padEnd(width)}  ${help}`);
}

function commandLines(commands: Readonly<Record<string, SubCommand>>): readonly string[] {
  const entries = Object.entries(commands);
  if (entries.length === 0) return [];
  const width = Math.max(...entries.map(([name]) => name.length));
  return [
    'commands (`COMMAND --help` says more):',
    ...entries.map(([name, { help }]) => `  ${name.padEnd(width)}  ${help}`),
  ];
}
