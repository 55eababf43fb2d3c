import { AppError } from '@faultline/runtime';
import { damageCodes } from './damage/codes.ts';
import { storeErrors } from './errors.ts';

/** ClickHouse's error numbers (src/Common/ErrorCodes.cpp) for data or SQL that will fail again in the same way. */
const rejected = new Set([
  6, 8, 10, 15, 16, 20, 25, 26, 27, 36, 38, 41, 42, 43, 44, 46, 47, 48, 50, 53, 57, 60, 62, 69, 70, 72, 80, 81, 115,
  117, 130, 131, 170, 179, 184, 190, 215, 349, 386, 456, 457,
]);
const denied = new Set([192, 193, 194, 195, 497, 516]);

/**
 * Translates a foreign error by its code. What concerns neither data nor permissions is transient. The engine's text
 * may quote rows, so it stays in `cause`.
 */
export function translateError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const number = clickhouseCode(error);
  const named = number === null ? '' : ` (ClickHouse ${number}${clickhouseType(error)})`;
  if (number !== null && denied.has(number)) return storeError('STORE_DENIED', 'permanent', named, error);
  if (number !== null && damageCodes.has(number)) return storeError('STORE_DAMAGED', 'transient', named, error);
  if (number !== null && rejected.has(number)) return storeError('STORE_REJECTED', 'permanent', named, error);
  return storeError('STORE_UNAVAILABLE', 'transient', named, error);
}

/** An error of this package with the text of its catalogue. */
export function storeError(
  code: keyof typeof storeErrors,
  kind: 'permanent' | 'transient',
  detail = '',
  cause?: unknown,
): AppError {
  return new AppError(code, `${storeErrors[code]}${detail}`, { kind, cause });
}

/** ClickHouse's error number. Null for errors of others. */
export function clickhouseCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  const number = Number(error.code);
  return Number.isInteger(number) ? number : null;
}

function clickhouseType(error: unknown): string {
  const type = error instanceof Error && 'type' in error ? error.type : undefined;
  return typeof type === 'string' ? ` ${type}` : '';
}
