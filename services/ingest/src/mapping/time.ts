/** Times as tools write them: RFC 3339, or a count of seconds, milliseconds, microseconds or nanoseconds since 1970. */
import type { IngestLimits } from '../config.ts';
import { usableTime } from '../field.ts';

export interface TimeOptions {
  readonly receivedAtMs: number;
  readonly limits: IngestLimits;
}

/**
 * The unit of a count is told by its size: in each unit, the times from 1973 to 5138 have numbers of their own.
 */
const units: readonly { readonly below: number; readonly msPerUnit: number }[] = [
  { below: 1e11, msPerUnit: 1000 },
  { below: 1e14, msPerUnit: 1 },
  { below: 1e17, msPerUnit: 1e-3 },
  { below: 1e20, msPerUnit: 1e-6 },
];

/** Null when it is missing or cannot be true. */
export function timeOf(value: unknown, { receivedAtMs, limits }: TimeOptions): number | null {
  const count = typeof value === 'string' && /^\d{9,19}(\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof count !== 'number') return usableTime(value, receivedAtMs, limits);
  const unit = units.find(({ below }) => count < below);
  if (unit === undefined || !(count > 0)) return null;
  return usableTime(isoOf(count * unit.msPerUnit), receivedAtMs, limits);
}

function isoOf(ms: number): string {
  return new Date(Math.floor(ms)).toISOString();
}
