import { expect, it } from 'vitest';
import { quantilesOf } from './quantiles.ts';

it('takes the nearest rank', () => {
  const values = Array.from({ length: 200 }, (_, index) => 200 - index);
  expect(quantilesOf(values)).toEqual({ count: 200, p50: 100, p99: 198, max: 200 });
});

it('what never came is infinitely late', () => {
  expect(quantilesOf([1, Number.POSITIVE_INFINITY])).toMatchObject({ p50: 1, max: Number.POSITIVE_INFINITY });
});

it('nothing measured is nothing', () => {
  expect(quantilesOf([])).toEqual({ count: 0, p50: 0, p99: 0, max: 0 });
});
