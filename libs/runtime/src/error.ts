/** `permanent`: the same data will fail again. `transient`: a retry may succeed. */
export type ErrorKind = 'permanent' | 'transient';

export interface AppErrorOptions {
  readonly kind: ErrorKind;
  readonly cause?: unknown;
  /** HTTP status, when the default of the kind does not fit (permanent: 400, transient: 503). */
  readonly httpStatus?: number;
}

/**
 * The only error class. `code` comes from its package's catalogue and is listed in docs/errors.md. `message` says what
 * to do and never contains a secret.
 */
export class AppError extends Error {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly httpStatus: number;

  constructor(code: string, message: string, options: AppErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.kind = options.kind;
    this.httpStatus = options.httpStatus ?? (options.kind === 'transient' ? 503 : 400);
  }
}

/** A package's error codes, each with a text that says what it means and what to do. */
export type ErrorCatalogue = Readonly<Record<string, string>>;

/** Formats the catalogues as the tables of docs/errors.md. Throws when two packages use the same code. */
export function describeErrors(catalogues: Readonly<Record<string, ErrorCatalogue>>): string {
  const owners = new Map<string, string>();
  const sections = Object.entries(catalogues).map(([owner, catalogue]) => {
    const rows = Object.entries(catalogue).map(([code, text]) => {
      const other = owners.get(code);
      if (other !== undefined) throw new Error(`${code} is in the catalogues of both ${other} and ${owner}`);
      owners.set(code, owner);
      return `| \`${code}\` | ${text.replaceAll('|', '\\|')} |`;
    });
    return [`## ${owner}`, '', '| code | what it means and what to do |', '|---|---|', ...rows, ''].join('\n');
  });
  return ['# Errors', '', 'Generated from the catalogues; a test keeps it equal to them.', '', ...sections].join('\n');
}
