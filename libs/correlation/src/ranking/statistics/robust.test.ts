import { describe, expect, it } from 'vitest';
import { clamp, levelAndSpread, median, quantile } from './robust.ts';

it('clamp leaves a value inside alone, and takes the nearer bound for one outside', () => {
  expect([clamp(5, 0, 10), clamp(-1, 0, 10), clamp(11, 0, 10)]).toEqual([5, 0, 10]);
});

describe('quantile', () => {
  it('interpolates between the two neighbours', () => {
    expect(quantile([0, 10, 20], 0.25)).toBe(5);
  });

  it('is the smallest value at 0 and the largest at 1', () => {
    expect([quantile([3, 4, 9], 0), quantile([3, 4, 9], 1)]).toEqual([3, 9]);
  });
});

describe('median', () => {
  it('needs no sorted values, and leaves them in their order', () => {
    const values = [9, 1, 5];
    expect(median(values)).toBe(5);
    expect(values).toEqual([9, 1, 5]);
  });

  it('sorts numbers as numbers', () => {
    expect(median([100, 9, 20])).toBe(20);
  });
});

describe('levelAndSpread', () => {
  /** The definition, without the shortcut. */
  const slow = (values: readonly number[]) => {
    const level = median(values);
    return { level, spread: 1.4826 * median(values.map((value) => Math.abs(value - level))) };
  };

  it.each([
    ['an odd number of values', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['an even number of values', [4, 1, 8, 2]],
    ['a single value', [7]],
    ['equal values', [3, 3, 3, 3]],
    ['one far above', [1, 2, 1, 2, 900]],
    ['one far below', [-900, 1, 2, 1, 2]],
    ['ties around the middle', [1, 5, 5, 5, 9, 9]],
  ])('agrees with the definition for %s', (_, values) => {
    const { level, spread } = levelAndSpread(values);
    expect(level).toBe(slow(values).level);
    expect(spread).toBeCloseTo(slow(values).spread, 12);
  });

  it('scales the distance to the standard deviation of a normal sample', () => {
    expect(levelAndSpread([1, 2, 3, 4, 5, 6, 7, 8, 9]).spread).toBeCloseTo(2 * 1.4826);
  });

  it('knows no level of nothing', () => {
    expect(levelAndSpread([])).toEqual({ level: Number.NaN, spread: Number.NaN });
  });
});
