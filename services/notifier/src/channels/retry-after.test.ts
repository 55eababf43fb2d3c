import { expect, it } from 'vitest';
import { grantedWaitMs, parseRetryAfter } from './retry-after.ts';

const date = 'Mon, 05 Jan 2026 14:02:00 GMT';
it.each([
  [undefined, null],
  ['17', 17_000],
  ['0', 0],
  ['86400', 3_600_000],
  ['-5', null],
  ['soon', null],
  ['Mon, 05 Jan 2026 14:02:40 GMT', 40_000],
  ['Mon, 05 Jan 2026 14:01:00 GMT', 0],
])('%s is %s ms', (text, expected) => {
  expect(parseRetryAfter({ date, ...(text === undefined ? {} : { 'retry-after': text }) })).toBe(expected);
});

it.each([
  ['a short wait is granted', 10_000, 0, 10_000],
  ['a new page waits 30 s at most', 3_600_000, 0, 30_000],
  ['an old page waits as long as it is old', 3_600_000, 600_000, 600_000],
])('%s', (_name, retryAfterMs, ageMs, expected) => {
  expect(grantedWaitMs(retryAfterMs, ageMs)).toBe(expected);
});
