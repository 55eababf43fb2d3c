import { describe, expect, it } from 'vitest';
import { exactShareZ, hypergeometricTail } from './exact-share.ts';

describe('exactShareZ', () => {
  it('takes a few late calls after next to none for proof', () => {
    expect(exactShareZ({ hits: 4, n: 30, baseHits: 1, baseN: 300 })).toBeGreaterThan(3);
    expect(exactShareZ({ hits: 1, n: 1, baseHits: 0, baseN: 4 })).toBeLessThan(1.5);
  });

  it('is zero where both shares are equal', () => {
    expect(exactShareZ({ hits: 10, n: 100, baseHits: 10, baseN: 100 })).toBeCloseTo(0, 1);
  });

  it('is the same distance below zero when the windows change places', () => {
    const rise = exactShareZ({ hits: 20, n: 100, baseHits: 5, baseN: 200 });
    expect(exactShareZ({ hits: 5, n: 200, baseHits: 20, baseN: 100 })).toBeCloseTo(-rise);
  });

  it('agrees with the normal quantile of the mid-p of a table that can be counted by hand', () => {
    // 5 of 5 against 0 of 5: one table of 252, of which half counts. The upper 1/504 of a normal distribution begins at 2.88.
    expect(exactShareZ({ hits: 5, n: 5, baseHits: 0, baseN: 5 })).toBeCloseTo(2.88, 1);
  });

  it('tells extreme tables apart, whose probability is below the smallest number', () => {
    const all = exactShareZ({ hits: 5000, n: 5000, baseHits: 0, baseN: 5000 });
    const most = exactShareZ({ hits: 4900, n: 5000, baseHits: 0, baseN: 5000 });
    expect(all).toBeLessThan(Number.POSITIVE_INFINITY);
    expect(all).toBeGreaterThan(most);
    expect(most).toBeGreaterThan(80);
  });

  it.each([
    ['no calls now', { hits: 0, n: 0, baseHits: 1, baseN: 10 }],
    ['no calls before', { hits: 3, n: 10, baseHits: 0, baseN: 0 }],
  ])('says nothing with %s', (_, counts) => {
    expect(exactShareZ(counts)).toBe(0);
  });

  it('takes more failures than calls for all of them', () => {
    const all = exactShareZ({ hits: 10, n: 10, baseHits: 0, baseN: 10 });
    expect(exactShareZ({ hits: 14, n: 10, baseHits: 0, baseN: 10 })).toBe(all);
    expect(exactShareZ({ hits: 0, n: 10, baseHits: 14, baseN: 10 })).toBeCloseTo(-all);
  });
});

describe('hypergeometricTail', () => {
  it('is one where the draw cannot come out otherwise', () => {
    // Three of four with one unmarked: two marked at least.
    expect(hypergeometricTail({ hits: 2, drawn: 3, marked: 3, all: 4 })).toBeCloseTo(1);
  });

  it('is zero for more hits than draws', () => {
    expect(hypergeometricTail({ hits: 3, drawn: 2, marked: 3, all: 10 })).toBe(0);
  });

  it('sums the chances of the hits and of all beyond', () => {
    // One or two of two marked in two of four draws: 1 - C(2,2) / C(4,2).
    expect(hypergeometricTail({ hits: 1, drawn: 2, marked: 2, all: 4 })).toBeCloseTo(5 / 6);
  });

  it('is exact for large numbers, where factorials come from a series', () => {
    // All of 100 draws out of 200 marked of 400: the product of (200 - i) / (400 - i).
    const product = Array.from({ length: 100 }, (_, i) => (200 - i) / (400 - i)).reduce((a, b) => a * b, 1);
    expect(hypergeometricTail({ hits: 100, drawn: 100, marked: 200, all: 400 }) / product).toBeCloseTo(1, 6);
  });
});
