import type { BusErrorCode } from '../errors.ts';
import { type Failure, failure } from '../failure.ts';

/**
 * A failure thrown in a writing thread. It avoids AppError, because these threads load little besides this folder and
 * so start fast.
 */
export class FailureError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** SQLite's primary result codes that we distinguish (sqlite.org/rescode.html). */
const sqlite = { perm: 3, busy: 5, locked: 6, readonly: 8, ioerr: 10, corrupt: 11, full: 13, cantopen: 14, notadb: 26 };

const codeBySqlite = new Map<number, BusErrorCode>([
  [sqlite.perm, 'BUS_NO_PERMISSION'],
  [sqlite.busy, 'BUS_FOLDER_LOCKED'],
  [sqlite.locked, 'BUS_FOLDER_LOCKED'],
  [sqlite.readonly, 'BUS_NO_PERMISSION'],
  [sqlite.ioerr, 'BUS_UNAVAILABLE'],
  [sqlite.corrupt, 'BUS_CORRUPT'],
  [sqlite.full, 'BUS_DISK_FULL'],
  [sqlite.cantopen, 'BUS_FOLDER_UNUSABLE'],
  [sqlite.notadb, 'BUS_CORRUPT'],
]);

const codeByErrno = new Map<string, BusErrorCode>([
  ['EACCES', 'BUS_NO_PERMISSION'],
  ['EPERM', 'BUS_NO_PERMISSION'],
  ['EROFS', 'BUS_NO_PERMISSION'],
  ['ENOSPC', 'BUS_DISK_FULL'],
  ['EDQUOT', 'BUS_DISK_FULL'],
  ['ENOTDIR', 'BUS_FOLDER_UNUSABLE'],
  ['EEXIST', 'BUS_FOLDER_UNUSABLE'],
  ['ENOENT', 'BUS_FOLDER_UNUSABLE'],
]);

/**
 * The bus code for an error from SQLite or the file system while opening; undefined for anything else, which is a bug.
 */
export function decideOpenCode(error: unknown): BusErrorCode | undefined {
  if (!(error instanceof Error)) return undefined;
  const { errcode, code } = error as { errcode?: unknown; code?: unknown };
  if (typeof errcode === 'number') return codeBySqlite.get(errcode & 0xff);
  return typeof code === 'string' ? codeByErrno.get(code) : undefined;
}

/** Whether an error means that a file of the log is damaged. */
export function isDamage(error: unknown): boolean {
  if (error instanceof FailureError) return error.failure.code === 'BUS_CORRUPT';
  return decideOpenCode(error) === 'BUS_CORRUPT';
}

/** Runs `work`. When a file turns out to be damaged, returns the result of `onDamage`. Other errors pass through. */
export function orOnDamage<Value>(work: () => Value, onDamage: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (!isDamage(error)) throw error;
    return onDamage();
  }
}

/** The failure to report when opening failed. An unknown error is reported as BUS_UNAVAILABLE. */
export function failureWhileOpening(error: unknown, path: string): Failure {
  if (error instanceof FailureError) return error.failure;
  return failure(decideOpenCode(error) ?? 'BUS_UNAVAILABLE', `${path}: ${reasonOf(error)}`);
}

/**
 * The failure to report when reading or writing failed. It is transient, since the cause can be fixed while we retry,
 * unless the file is damaged. The cause stays in the message.
 */
export function failureWhileRunning(error: unknown, doing: string): Failure {
  if (error instanceof FailureError) return error.failure;
  const code = decideOpenCode(error);
  if (code === 'BUS_CORRUPT') return failure(code, `${doing}: ${reasonOf(error)}`);
  const known = code === undefined ? '' : `${code}, `;
  const failed = failure('BUS_UNAVAILABLE', `${doing}: ${known}${reasonOf(error)}`);
  return code === undefined ? failed : { ...failed, reason: code };
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Runs `work` and translates errors of files and SQLite. Other errors pass through. */
export function translateOpening<Value>(path: string, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (decideOpenCode(error) === undefined) throw error;
    throw new FailureError(failureWhileOpening(error, path));
  }
}
