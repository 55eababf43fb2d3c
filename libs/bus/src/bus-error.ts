import { AppError, type ErrorKind } from '@faultline/runtime';
import type { BusErrorCode } from './errors.ts';
import { type Failure, failure } from './failure.ts';

/** The error for a failure. Only BUS_UNAVAILABLE is transient. */
export function errorOf({ code, message, reason }: Failure, cause?: unknown): AppError {
  const kind: ErrorKind = code === 'BUS_UNAVAILABLE' ? 'transient' : 'permanent';
  const known = reason === undefined ? undefined : busError(reason, message);
  return new AppError(code, message, { kind, cause: cause ?? known });
}

/** Whether the log is unavailable because its disk is full. */
export function isDiskFullError(error: unknown): boolean {
  return error instanceof AppError && error.cause instanceof AppError && error.cause.code === 'BUS_DISK_FULL';
}

/** An error of the catalogue. `detail` says where it happened and which value was wrong. */
export function busError(code: BusErrorCode, detail: string, cause?: unknown): AppError {
  return errorOf(failure(code, detail), cause);
}
