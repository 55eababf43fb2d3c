import { styleText } from 'node:util';
import { z } from 'zod';
import { type Clock, systemClock } from './time.ts';

export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** The few logging calls that libraries make. Fields, not sentences, carry what varies. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** A logger that says nothing, for tests and for tools that print for people. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** The `log` section. */
export const logConfig = z.strictObject({
  level: z.enum(logLevels).default('info').describe('The least level that is written.'),
  format: z
    .enum(['auto', 'json', 'human'])
    .default('auto')
    .describe('`json`: one object a line. `human`: for reading. `auto`: human on a terminal, else json.'),
});
export type LogConfig = z.infer<typeof logConfig>;

export interface LogEntry {
  readonly level: LogLevel;
  readonly message: string;
  readonly atMs: number;
  readonly fields: LogFields;
}

export interface LoggerOptions {
  /** Takes one line, with its newline. Default: stderr, so that stdout stays free for a command's output. */
  readonly write?: (line: string) => void;
  readonly isTerminal?: boolean;
  readonly clock?: Clock;
  /** Also given every entry that passes the level: OpenTelemetry's log bridge. */
  readonly sink?: (entry: LogEntry) => void;
}

/** A logger of lines. Fields are written beside the message; what prints as a secret stays one. */
export function createLogger(config: LogConfig, options: LoggerOptions = {}): Logger {
  const write = options.write ?? ((line: string) => void process.stderr.write(line));
  const human =
    config.format === 'human' || (config.format === 'auto' && (options.isTerminal ?? process.stderr.isTTY === true));
  const clock = options.clock ?? systemClock;
  const least = logLevels.indexOf(config.level);
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}): void => {
      if (logLevels.indexOf(level) < least) return;
      const entry: LogEntry = { level, message, atMs: clock(), fields };
      write(human ? humanLine(entry) : jsonLine(entry));
      options.sink?.(entry);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function jsonLine({ level, message, atMs, fields }: LogEntry): string {
  return `${JSON.stringify({ time: new Date(atMs).toISOString(), level, message, ...fields })}\n`;
}

const colours = { debug: 'gray', info: 'cyan', warn: 'yellow', error: 'red' } as const;

function humanLine({ level, message, atMs, fields }: LogEntry): string {
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${quoted(value)}`);
  const time = new Date(atMs).toISOString().slice(11, 23);
  return `${[time, styleText(colours[level], level.padEnd(5), { validateStream: false }), message, ...rest].join(' ')}\n`;
}

function quoted(value: LogFields[string] | undefined): string {
  return typeof value === 'string' && !/^[\w.:/#-]+$/.test(value) ? JSON.stringify(value) : String(value);
}
