/** `permanent`: the same data will fail again. `transient`: worth another try. */
export type ErrorKind = 'permanent' | 'transient';

export interface AppErrorOptions {
  readonly kind: ErrorKind;
  readonly cause?: unknown;
  /** The HTTP answer, where the kind's own does not fit (permanent: 400, transient: 503). */
  readonly httpStatus?: number;
}

/**
 * The one error class. `code` is from its package's catalogue and is listed in docs/errors.md; `message` says what to do about it and
 * never holds a secret.
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

/** A catalogue: each code of a package, and one line saying what it means and what to do. */
export type ErrorCatalogue = Readonly<Record<string, string>>;

/** The table of docs/errors.md from the catalogues, by package. Throws when two packages claim one code. */
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
