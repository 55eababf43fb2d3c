import { describe, expect, it } from 'vitest';
import { around } from '../testing/fixture.ts';
import { histogramMeanUs, logShiftZ, rankShiftZ, tailShiftZ } from './durations.ts';
import { exactShareZ } from './exact-share.ts';
import { shareEffect, twoProportionZ } from './proportions.ts';
import { levelAndSpread, quantile } from './robust.ts';

describe('statistics', () => {
  it('needs many calls before a share is far from another', () => {
    expect(twoProportionZ({ hits: 3, n: 3, baseHits: 0, baseN: 4 })).toBeLessThan(3.5);
    expect(twoProportionZ({ hits: 60, n: 100, baseHits: 0, baseN: 400 })).toBeGreaterThan(10);
  });

  it('takes what never happened before for proof after a few times, but not after one', () => {
    expect(exactShareZ({ hits: 6, n: 64, baseHits: 1, baseN: 710 })).toBeCloseTo(4.8, 1);
    expect(exactShareZ({ hits: 0, n: 64, baseHits: 1, baseN: 710 })).toBeLessThanOrEqual(0);
    expect(exactShareZ({ hits: 1, n: 1, baseHits: 0, baseN: 4 })).toBeLessThan(2);
    expect(exactShareZ({ hits: 500, n: 1000, baseHits: 400, baseN: 1000 })).toBeCloseTo(4.5, 0);
    expect(exactShareZ({ hits: 900, n: 1000, baseHits: 0, baseN: 90_000 })).toBeGreaterThan(50);
  });

  it('measures a share on a scale that does not flatten at the ends', () => {
    const near = shareEffect({ hits: 10, n: 1000, baseHits: 0, baseN: 1000 });
    const middle = shareEffect({ hits: 510, n: 1000, baseHits: 500, baseN: 1000 });
    expect(near).toBeGreaterThan(5 * middle);
  });

  it('sees a shift of all and a shift of the tail', () => {
    expect(rankShiftZ(around(20, 100), around(10, 100))).toBeGreaterThan(8);
    expect(rankShiftZ(around(10, 100), around(10, 100))).toBe(0);
    const tail = [...around(10, 85), ...around(500, 15)];
    expect(tailShiftZ(tail, around(10, 400))).toBeGreaterThan(3);
    expect(rankShiftZ([], around(10, 100))).toBe(0);
  });

  it('takes few calls that all take far longer for proof, by how much they do, and not what varies as ever', () => {
    const [few, later] = [around(5, 6), around(2000, 6)];
    expect(rankShiftZ(later, few)).toBeLessThan(3.2);
    expect(logShiftZ(later, few)).toBeGreaterThan(5);
    expect(logShiftZ(around(7, 6), few)).toBeLessThan(2);
    // One of them stuck is no shift of all.
    expect(logShiftZ([...around(5, 5), ...around(2000, 1)], few)).toBeLessThan(2);
    expect(logShiftZ(around(2000, 2), few)).toBe(0);
    expect(logShiftZ(around(2000, 50), around(5, 50))).toBe(0);
  });

  it('keeps one stuck call out of a mean', () => {
    const stuck = [...around(10, 999), [300, 1] as const];
    expect(histogramMeanUs(stuck)).toBeLessThan(1.1 * histogramMeanUs(around(10, 999)));
    expect(histogramMeanUs([])).toBe(0);
  });

  it('takes quantiles between neighbours and spreads without outliers', () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([], 0.5)).toBeNaN();
    expect(levelAndSpread([1, 1.1, 0.9, 1, 1.1, 0.9, 50]).spread).toBeLessThan(0.2);
  });
});
