import { expect, it } from 'vitest';
import { decideBarrier, decideWaitMs, decideWatermark } from './decide.ts';

const limits = {
  ...{ cutMaxAgeMs: 1_000, cutMaxItems: 100, cutMaxBytes: 1_000 },
  ...{ cutQuietAgeMs: 4_000, cutQuietItems: 50, quietInsertsPerSecond: 11 },
};
const quiet = (nowMs: number, partitions = 1) => ({ nowMs, isAlerted: false, partitions });
const alerted = (nowMs: number) => ({ nowMs, isAlerted: true, partitions: 12 });

it.each([
  ['few items wait longer', { items: 49, bytes: 0, sinceMs: 0 }, quiet(1_400), 2_600],
  ['they are due at last', { items: 1, bytes: 0, sinceMs: 0 }, quiet(4_000), 0],
  ['more items do not', { items: 50, bytes: 0, sinceMs: 0 }, quiet(400), 600],
  ['nor after an alert', { items: 1, bytes: 0, sinceMs: 0 }, alerted(400), 600],
  ['an alert makes those due that waited longer', { items: 1, bytes: 0, sinceMs: 0 }, alerted(1_400), 0],
  ['the age limit', { items: 99, bytes: 999, sinceMs: 0 }, quiet(1_000), 0],
  ['the limit of items', { items: 100, bytes: 0, sinceMs: 0 }, quiet(0), 0],
  ['the limit of bytes', { items: 1, bytes: 1_000, sinceMs: 0 }, quiet(0), 0],
  ['few partitions are within the rate of inserts', { items: 1, bytes: 0, sinceMs: 0 }, quiet(0, 4), 4_000],
  ['many partitions wait for it', { items: 1, bytes: 0, sinceMs: 0 }, quiet(0, 12), 12_000],
  ['but not for ever', { items: 1, bytes: 0, sinceMs: 0 }, quiet(0, 400), 30_000],
  ['and not when many items wait', { items: 50, bytes: 0, sinceMs: 0 }, quiet(0, 12), 1_000],
])('reads on until a limit is reached: %s', (_name, filling, at, waitMs) => {
  expect(decideWaitMs(filling, at, limits)).toBe(waitMs);
});

it('a quiet limit below the usual one changes nothing', () => {
  const filling = { items: 1, bytes: 0, sinceMs: 0 };
  expect(decideWaitMs(filling, quiet(400), { ...limits, cutQuietAgeMs: 5 })).toBe(600);
});

const clock = { atMs: 10_000, clockSlackMs: 1_000, previousMs: 0 };

it.each([
  [
    'both at their end: the clock',
    [
      { lastMs: 5_000, atEnd: true },
      { lastMs: null, atEnd: true },
    ],
    9_000,
  ],
  [
    'one behind holds it',
    [
      { lastMs: 9_500, atEnd: true },
      { lastMs: 4_000, atEnd: false },
    ],
    4_000,
  ],
  [
    'one behind and not yet read',
    [
      { lastMs: 9_500, atEnd: true },
      { lastMs: null, atEnd: false },
    ],
    0,
  ],
  [
    'a record newer than the slack',
    [
      { lastMs: 9_900, atEnd: true },
      { lastMs: 9_800, atEnd: false },
    ],
    9_800,
  ],
])('watermark, %s', (_name, topics, watermarkMs) => {
  expect(decideWatermark({ topics, ...clock })).toBe(watermarkMs);
});

it('the watermark never decreases', () => {
  const topics = [{ lastMs: 1, atEnd: false }];
  expect(decideWatermark({ topics, ...clock, previousMs: 7_000 })).toBe(7_000);
});

it('a barrier comes before there are too many items', () => {
  expect([decideBarrier(90, 10, 100), decideBarrier(91, 10, 100)]).toEqual([false, true]);
});
