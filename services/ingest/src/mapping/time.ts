/** Times as tools write them: RFC 3339, the date of HTTP (RFC 9110), or a count of seconds, milliseconds, microseconds or nanoseconds since 1970. */
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
  if (typeof count !== 'number') return usableTime(textTime(value), receivedAtMs, limits);
  const unit = units.find(({ below }) => count < below);
  if (unit === undefined || !(count > 0)) return null;
  return usableTime(isoOf(count * unit.msPerUnit), receivedAtMs, limits);
}

/** `Sat, 05 Jun 2021 06:27:57 GMT` of AWS, and `2026-03-01 11:58:00 +0200` of GitLab, as RFC 3339. */
function textTime(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (/^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} [\d:]{8} GMT$/.test(value)) {
    const ms = Date.parse(value);
    return Number.isNaN(ms) ? value : isoOf(ms);
  }
  return value.replace(/ (?:UTC|([+-]\d\d:?\d\d))$/, (_all, zone = 'Z') => zone);
}

function isoOf(ms: number): string {
  return new Date(Math.floor(ms)).toISOString();
}
