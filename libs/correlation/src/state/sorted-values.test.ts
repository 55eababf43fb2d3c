import { expect, it } from 'vitest';
import { sortedValues } from './sorted-values.ts';

it('the order of arrival does not show, and upper case comes first in every locale', () => {
  const entries = [
    ['b', 2],
    ['B', 1],
    ['a', 3],
  ] as const;
  expect(sortedValues(new Map(entries))).toEqual([1, 3, 2]);
  expect(sortedValues(new Map(entries.toReversed()))).toEqual([1, 3, 2]);
});
