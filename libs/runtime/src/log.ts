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
