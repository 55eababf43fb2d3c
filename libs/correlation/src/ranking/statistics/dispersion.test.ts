import { describe, expect, it } from 'vitest';
import type { Window } from '../input/window.ts';
import { dispersionOf, levelDispersion, shareDispersion, tailDispersion } from './dispersion.ts';
import { hypergeometricTail } from './exact-share.ts';
import { certainty, familyWiseZ } from './proportions.ts';

const before = Array.from({ length: 10 }, (): Window => 'baseline');

it('finds no more than chance in shares that chance makes, and more in shares that jump', () => {
  const of = Array.from({ length: 10 }, () => 100);
  expect(shareDispersion([10, 11, 9, 10, 12, 8, 10, 9, 11, 10], of, before)).toBe(1);
  expect(shareDispersion([0, 40, 0, 35, 0, 42, 0, 38, 0, 40], of, before)).toBeGreaterThan(10);
});

it('lets one minute that differs pass, and what is not before the harm', () => {
  const of = Array.from({ length: 10 }, () => 100);
  const hits = [10, 10, 10, 90, 10, 10, 10, 10, 10, 10];
  expect(shareDispersion(hits, of, before)).toBeLessThan(4);
  const during = before.map((_, slice): Window => (slice > 4 ? 'incident' : 'baseline'));
  expect(shareDispersion([10, 10, 10, 10, 10, 90, 90, 90, 90, 90], of, during)).toBe(1);
});

it('asks more of the best of many', () => {
  expect(familyWiseZ(3.5, 1000)).toBe(0);
  expect(familyWiseZ(8, 1000)).toBeGreaterThan(7);
  expect(certainty(4, 1000)).toBeLessThan(0.5 * certainty(4, 1));
});

it('counts the ways to draw', () => {
  expect(hypergeometricTail({ hits: 2, drawn: 2, marked: 2, all: 4 })).toBeCloseTo(1 / 6);
  expect(hypergeometricTail({ hits: 0, drawn: 2, marked: 2, all: 4 })).toBeCloseTo(1);
});

describe('dispersionOf', () => {
  const share = (mean: number): number => mean * (1 - mean);
  const slices = (...sums: number[]) => sums.map((sum) => ({ sum, n: 100 }));

  it('needs two slices with calls', () => {
    expect(dispersionOf(slices(50), share)).toBe(1);
    expect(dispersionOf([...slices(50), { sum: 0, n: 0 }], share)).toBe(1);
  });

  it('never makes a shift clearer than chance alone would', () => {
    expect(dispersionOf(slices(50, 50, 50, 50, 50, 50), share)).toBe(1);
  });

  it('believes many slices that jump more than few', () => {
    const few = dispersionOf(slices(10, 90), share);
    const many = dispersionOf(slices(10, 90, 10, 90, 10, 90, 10, 90), share);
    expect(few).toBeGreaterThan(1);
    expect(many).toBeGreaterThan(1.5 * few);
  });

  it('is bounded, however far the slices are apart', () => {
    const apart = [0, 1000, 0, 1000, 0, 1000].map((sum) => ({ sum, n: 1000 }));
    expect(dispersionOf(apart, () => 1e-12)).toBe(50);
  });
});

it('counts a share of more hits than calls as all', () => {
  const of = [100, 100, 100, 100, 100, 100];
  const windows = before.slice(0, of.length);
  const all = shareDispersion([100, 80, 100, 80, 100, 80], of, windows);
  expect(all).toBeGreaterThan(1);
  expect(shareDispersion([110, 80, 110, 80, 110, 80], of, windows)).toBe(all);
});

describe('durations from slice to slice', () => {
  const windows: Window[] = [...before.slice(0, 8), 'incident', 'incident'];
  const rows = (buckets: readonly number[]) =>
    buckets.map((bucket, slice) => ({
      slice,
      histogram: [
        [bucket, 50],
        [bucket + 4, 50],
      ] as const,
    }));
  const steady = rows([40, 40, 40, 40, 40, 40, 40, 40, 90, 90]);
  const jumping = rows([40, 60, 40, 60, 40, 60, 40, 60, 90, 90]);

  it('have a level that varies no more than chance, or far more', () => {
    expect(levelDispersion(steady, windows)).toBe(1);
    expect(levelDispersion(jumping, windows)).toBeGreaterThan(10);
    expect(levelDispersion([], windows)).toBe(1);
  });

  it('have a tail that comes and goes, or never comes in the baseline', () => {
    expect(tailDispersion(jumping, windows, 50)).toBeGreaterThan(10);
    expect(tailDispersion(jumping, windows, 80)).toBe(1);
  });

  it('may come in several rows of one slice, which are one observation', () => {
    const halves = steady.flatMap(({ slice, histogram: [low, high] }) => [
      { slice, histogram: [low] },
      { slice, histogram: [high] },
    ]);
    expect(levelDispersion(halves, windows)).toBe(1);
  });
});
