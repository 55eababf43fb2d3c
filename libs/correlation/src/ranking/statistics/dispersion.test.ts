import { expect, it } from 'vitest';
import type { Window } from '../input/window.ts';
import { shareDispersion } from './dispersion.ts';
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
