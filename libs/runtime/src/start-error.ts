import { AppError } from './error.ts';

/** What to do about an error of the operating system, by its code. */
const systemAdvice: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process listens on that port: stop it, or configure another port',
  EACCES: 'no permission: check the owner and mode of the path, or run as the user who owns it',
  EPERM: 'no permission: check the owner and mode of the path, or run as the user who owns it',
  EROFS: 'the file system is read-only: configure a data folder that can be written',
  ENOSPC: 'the disk is full: free some space, or move the data folder',
  EDQUOT: 'the disk quota is used up: free some space, or move the data folder',
  EMFILE: 'too many open files: raise the limit (ulimit -n)',
  ENOENT: 'there is no such file or folder: check the path',
  EBUSY: 'the path is in use by another process: stop it, or use another data folder',
};

/**
 * Describes a failed start: what failed and what to do. The message of an AppError already says it. For other errors,
 * the first known code of the system or of SQLite along the causes decides the advice.
 */
export function describeStartError(error: unknown): string {
  const chain = causesOf(error);
  const app = chain.find((cause) => cause instanceof AppError);
  // The message of any other AppError already says what to do.
  const needsAdvice = app === undefined || app.code === 'RUNTIME_START_FAILED';
  const advice = needsAdvice ? chain.map(adviceFor).find((text) => text !== null) : undefined;
  const lines = [`faultline did not start: ${app === undefined ? messageOf(error) : `${app.message} [${app.code}]`}`];
  if (advice !== undefined) lines.push(`  what to do: ${advice}`);
  if (app === undefined && advice === undefined && error instanceof Error && error.stack) lines.push(error.stack);
  return lines.join('\n');
}

function causesOf(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (
    let at: unknown = error;
    at !== undefined && at !== null && chain.length < 10;
    at = (at as { cause?: unknown }).cause
  )
    chain.push(at);
  return chain;
}

/** SQLite's primary result codes: the low byte of `errcode` in errors of node:sqlite. */
const sqliteAdvice: Readonly<Record<number, string>> = {
  5: 'the data folder is locked by another process: stop it, or use another --data folder',
  6: 'the data folder is locked by another process: stop it, or use another --data folder',
  8: systemAdvice['EROFS'] ?? '',
  13: systemAdvice['ENOSPC'] ?? '',
  14: 'the data folder cannot be opened: check that it exists and who owns it',
};

function adviceFor(cause: unknown): string | null {
  const { code, errcode } = cause as { code?: unknown; errcode?: unknown };
  if (typeof errcode === 'number') return sqliteAdvice[errcode & 0xff] ?? null;
  return typeof code === 'string' ? (systemAdvice[code] ?? null) : null;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
