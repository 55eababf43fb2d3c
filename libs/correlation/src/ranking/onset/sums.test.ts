import { describe, expect, it } from 'vitest';
import { addShares, emptySums, shareSignal, total } from './sums.ts';

describe('addShares', () => {
  it('adds what several rows say of one slice, and leaves the others empty', () => {
    const sums = emptySums(3);
    addShares(
      [
        { slice: 1, hits: 2, of: 10 },
        { slice: 1, hits: 3, of: 20 },
      ],
      sums,
    );
    expect([...sums.sums]).toEqual([0, 5, 0]);
    expect([...sums.counts]).toEqual([0, 30, 0]);
    expect(total(sums.counts)).toBe(30);
  });
});

describe('shareSignal', () => {
  const varianceOf = (hits: number, of: number): number => {
    const sums = { sums: Float64Array.of(hits), counts: Float64Array.of(of) };
    return shareSignal('api', sums, { minStep: 0.1, twoSided: false }).variance;
  };

  it('has the variance of a yes or no with that share', () => {
    expect(varianceOf(199, 1998)).toBeCloseTo(0.1 * 0.9);
    expect(varianceOf(50, 100)).toBe(0.25);
  });

  it('has some variance where nothing was hit yet, or nothing was tried', () => {
    expect(varianceOf(0, 100)).toBeGreaterThan(0);
    expect(varianceOf(0, 100)).toBeLessThan(0.01);
    expect(varianceOf(0, 0)).toBe(0.25);
  });
});
