/** `permanent`: the same data will fail again. `transient`: worth another try. */
export type ErrorKind = 'permanent' | 'transient';

/**
 * The one error class. `code` is from its package's catalogue and is listed in docs/errors.md; `message` says what to do about it and
 * never holds a secret.
 */
export class AppError extends Error {
  readonly code: string;
  readonly kind: ErrorKind;

  constructor(code: string, message: string, options: { kind: ErrorKind; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.kind = options.kind;
  }
}
