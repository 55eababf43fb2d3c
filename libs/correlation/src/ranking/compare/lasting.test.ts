import { expect, it } from 'vitest';
import { around } from '../testing/fixture.ts';
import { lastingFactor, lastingShare, lastingTime, slicesAtAlert } from './lasting.ts';

const windows = ['baseline', 'incident', 'incident'] as const;
const atAlert = [false, false, true];

it('takes the minute and a half before the alert and the minute after for the time of the alert', () => {
  const slices = [0, 60_000, 120_000, 180_000].map((fromMs) => ({ fromMs, toMs: fromMs + 60_000 }));
  expect(slicesAtAlert(slices, 150_000)).toEqual([false, true, true, true]);
});

it('tells a share that had recovered by the alert from one that had not', () => {
  const of = [100, 40, 40];
  expect(lastingShare({ hits: [0, 30, 0], of, windows, atAlert }, 0)).toBe(0);
  expect(lastingShare({ hits: [0, 30, 30], of, windows, atAlert }, 0)).toBe(1);
  expect(lastingShare({ hits: [0, 40, 20], of, windows, atAlert }, 0)).toBe(0.5);
});

it('does not judge by a handful of calls', () => {
  expect(lastingShare({ hits: [0, 30, 0], of: [100, 40, 3], windows, atAlert }, 0)).toBe(1);
});

it('tells durations likewise', () => {
  const rows = (lateMs: number) => [
    { slice: 1, histogram: around(500, 40) },
    { slice: 2, histogram: around(lateMs, 40) },
  ];
  expect(lastingTime({ rows: rows(10), windows, atAlert }, 10_000)).toBeLessThan(0.05);
  expect(lastingTime({ rows: rows(500), windows, atAlert }, 10_000)).toBe(1);
});

it('never takes all of a finding away: a short fault leaves no more than that', () => {
  expect(lastingFactor(1)).toBe(1);
  expect(lastingFactor(0)).toBeGreaterThan(0);
});
