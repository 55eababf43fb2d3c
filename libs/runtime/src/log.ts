import { styleText } from 'node:util';
import { z } from 'zod';
import { type Clock, systemClock } from './time.ts';

export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** The logging calls that libraries make. What varies goes into fields, not into the message. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** A logger that writes nothing, for tests and for tools whose output is read by people. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** The section `log` of the configuration. */
export const logConfig = z.strictObject({
  level: z.enum(logLevels).default('info').describe('Lowest level that is logged.'),
  format: z
    .enum(['auto', 'json', 'human'])
    .default('auto')
    .describe(
      '`json`: one object per line. `human`: text for people. `auto`: `human` on a terminal, otherwise `json`.',
    ),
});
export type LogConfig = z.infer<typeof logConfig>;

export interface LogEntry {
  readonly level: LogLevel;
  readonly message: string;
  readonly atMs: number;
  readonly fields: LogFields;
}

export interface LoggerOptions {
  /** Writes one line, including its newline. Default: stderr, so that stdout stays free for a command's output. */
  readonly write?: (line: string) => void;
  readonly isTerminal?: boolean;
  readonly clock?: Clock;
  /** Also receives every entry that passes the level: OpenTelemetry's log bridge. */
  readonly sink?: (entry: LogEntry) => void;
}

/** Creates a logger that writes lines. Fields are written beside the message. Secrets stay masked. */
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
