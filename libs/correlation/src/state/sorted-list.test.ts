import { expect, it } from 'vitest';
import { SortedList } from './sorted-list.ts';

const byNumber = (a: number, b: number) => a - b;

/** Every number below `count` once, out of order. */
const shuffled = (count: number) => Array.from({ length: count }, (_, n) => (n * 7919) % count);

it('agrees with sorting, whatever is added and removed', () => {
  const list = new SortedList(byNumber);
  for (const n of shuffled(5000)) list.add(n);
  for (const n of shuffled(5000)) if (n % 3 === 0) list.remove(n);
  list.remove(-1);
  const left = shuffled(5000)
    .filter((n) => n % 3 !== 0)
    .sort(byNumber);
  expect(list.size).toBe(left.length);
  expect(list.slice(0, Number.POSITIVE_INFINITY)).toEqual(left);
  expect(list.slice(1000, 1700)).toEqual(left.slice(1000, 1700));
  expect([list.at(0), list.at(2000), list.at(-1), list.at(left.length)]).toEqual([1, left[2000], 4999, undefined]);
  expect(list.countWhile((n) => n < 2500)).toBe(left.filter((n) => n < 2500).length);
});

it('empties, and fills again', () => {
  const list = new SortedList(byNumber);
  for (const n of shuffled(2000)) list.add(n);
  for (const n of shuffled(2000)) list.remove(n);
  expect([list.size, list.at(0), list.slice(0, 9), list.countWhile(() => true)]).toEqual([0, undefined, [], 0]);
  list.add(1);
  expect(list.slice(0, 9)).toEqual([1]);
});
