/** Reads fields of alert and change bodies. A problem names the field's path and what was expected. Never throws. */
import type { IngestLimits } from './config.ts';
import type { Problem } from './source.ts';

export type Json = Readonly<Record<string, unknown>>;

export type Field<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: Problem };

export function isJsonObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function invalid(path: string, expected: string): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem: { code: 'INGEST_INVALID', reason: `${path}: expected ${expected}` } };
}

/** A string, a number or a boolean as text; empty for anything else. */
export function scalarText(value: unknown): string {
  if (typeof value === 'string') return value.toWellFormed();
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** A map of texts. Numbers and booleans become text, null is left out, long values are cut; too many entries are refused. */
export function textMap(
  value: unknown,
  path: string,
  limits: { readonly maxEntries: number; readonly maxValueLength: number },
): Field<Record<string, string>> {
  if (value === undefined || value === null) return { ok: true, value: {} };
  if (!isJsonObject(value)) return invalid(path, 'an object of strings');
  const entries = Object.entries(value).filter(([, entry]) => entry !== null);
  if (entries.length > limits.maxEntries) {
    const reason = `${path}: expected at most ${limits.maxEntries} entries, not ${entries.length}`;
    return { ok: false, problem: { code: 'INGEST_TOO_MANY_LABELS', reason } };
  }
  const wrong = entries.find(([, entry]) => typeof entry === 'object');
  if (wrong !== undefined) return invalid(`${path}.${wrong[0].slice(0, 100)}`, 'a string');
  const texts = entries.map(([name, entry]) => [name.toWellFormed(), cut(scalarText(entry), limits.maxValueLength)]);
  return { ok: true, value: Object.fromEntries(texts) as Record<string, string> };
}

/** A text of at most `maxLength` characters. A cut text ends in an ellipsis. */
export function cut(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1).toWellFormed()}…`;
}

/** Earliest plausible time. Anything earlier is a zero, or seconds read as milliseconds. */
const earliestMs = Date.UTC(2000, 0, 1);
const rfc3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)?$/;

/** An RFC 3339 time in ms. Null when it is missing, malformed or implausible. */
export function usableTime(value: unknown, receivedAtMs: number, limits: IngestLimits): number | null {
  if (typeof value !== 'string' || !rfc3339.test(value)) return null;
  // A time without a zone is read as UTC, never in the zone of this machine.
  const ms = Date.parse(/([Zz]|[+-]\d\d:?\d\d)$/.test(value) ? value : `${value}Z`);
  return ms >= earliestMs && ms <= receivedAtMs + limits.maxAheadMs ? Math.floor(ms) : null;
}
