import type { IncomingHttpHeaders } from 'node:http';

const maxWaitMs = 3_600_000;

/**
 * Retry-After (RFC 9110, 10.2.3) in ms, at most an hour. Null without one. A date counts from the `date` of the answer, so that clocks need
 * not agree.
 */
export function parseRetryAfter(headers: Pick<IncomingHttpHeaders, 'retry-after' | 'date'>): number | null {
  const text = headers['retry-after'];
  if (text === undefined) return null;
  const isDate = /^[a-z]/i.test(text);
  const waitMs = isDate ? Date.parse(text) - Date.parse(headers.date ?? '') : Number(text) * 1000;
  if (!isDate && waitMs < 0) return null;
  return Number.isFinite(waitMs) ? Math.min(Math.max(waitMs, 0), maxWaitMs) : null;
}

/** A receiver may ask for this wait whatever the age of a page. Common rate limits ask for less. */
const alwaysGrantedMs = 30_000;

/** The wait that a page grants: never longer than it is old. A new page must not wait an hour because of an older one. */
export function grantedWaitMs(retryAfterMs: number, pageAgeMs: number): number {
  return Math.min(retryAfterMs, Math.max(alwaysGrantedMs, pageAgeMs));
}
