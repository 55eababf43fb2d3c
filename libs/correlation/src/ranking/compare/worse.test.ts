import { describe, expect, it } from 'vitest';
import { around } from '../testing/fixture.ts';
import type { CallComparison, CallStats } from './calls.ts';
import { failsMore, isWorse } from './worse.ts';

const stats = (ms: number, calls: number, errors = 0): CallStats => ({
  calls,
  settledCalls: calls,
  errors,
  ownErrors: 0,
  duration: around(ms, calls),
  inner: [],
});
const compared = (before: CallStats, during: CallStats): CallComparison => ({ before, during });

describe('isWorse', () => {
  it.each([
    ['surely and much slower', stats(10, 500), stats(20, 100), true],
    ['surely slower, but by less than a quarter', stats(100, 5000), stats(115, 5000), false],
    ['much slower, but a single call', stats(10, 500), stats(90, 1), false],
    ['faster', stats(20, 500), stats(10, 100), false],
    ['slow from the start, with no past to compare', stats(10, 0), stats(900, 100), false],
    ['failing', stats(10, 500), stats(10, 100, 20), true],
    ['failing, but only twice', stats(10, 50_000), stats(10, 100, 2), false],
    ['failing as ever', stats(10, 500, 100), stats(10, 100, 20), false],
  ])('%s', (_, before, during, expected) => {
    expect(isWorse(compared(before, during))).toBe(expected);
  });

  it('sees that a tenth of the calls became slow, which ranks do not', () => {
    const during = { ...stats(10, 100), duration: [...around(10, 90), ...around(900, 10)] };
    expect(isWorse(compared(stats(10, 500), during))).toBe(true);
  });
});

describe('failsMore', () => {
  it.each([
    ['a fifth of the calls', stats(10, 500), stats(10, 100, 20), true],
    ['surely more, but by less than two in a hundred', stats(10, 50_000), stats(10, 10_000, 150), false],
    ['one of three, which may be chance', stats(10, 20), stats(10, 3, 1), false],
    ['fewer than before', stats(10, 500, 250), stats(10, 100, 10), false],
    ['nothing without calls', stats(10, 500), stats(10, 0), false],
  ])('%s', (_, before, during, expected) => {
    expect(failsMore(compared(before, during))).toBe(expected);
  });
});
