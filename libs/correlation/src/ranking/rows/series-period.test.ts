import { expect, it } from 'vitest';
import { series } from '../testing/fixture.ts';
import { periodOf } from './series-period.ts';

const at = (...times: number[]) => ({
  ...series('api', 'cpu', [1, 1]),
  points: times.map((atMs) => [atMs, 1, 1, 1] as const),
});

it('a hole in a series does not change its period', () => {
  expect(periodOf(at(0, 30, 60, 600, 630, 660))).toBe(30);
});

it('the last points count, since a sender may have been set to another interval', () => {
  const slow = Array.from({ length: 20 }, (_, i) => i * 60);
  const fast = Array.from({ length: 10 }, (_, i) => 20 * 60 + i * 10);
  expect(periodOf(at(...slow, ...fast))).toBe(10);
});

it('fewer than two points have no period', () => {
  expect([periodOf(at()), periodOf(at(30))]).toEqual([0, 0]);
});
