import { expect, it } from 'vitest';
import { baseMs, metricBlock } from '../testing/block.ts';
import { createLastPoints, forgetMs } from './last-points.ts';

function pointAt(value: number, atMs: number) {
  const timeNs = BigInt(baseMs + atMs) * 1_000_000n;
  const [point] = metricBlock('prometheus', [{ metric: 'a_total', kind: 'sum', value, timeNs }]).items;
  if (point === undefined) throw new Error('no point');
  return point;
}
const place = (offset: number) => ({ offset: BigInt(offset), atMs: baseMs + offset });

it('returns the point before, and ignores one that is older or the same', () => {
  const points = createLastPoints();
  expect(points.replace('a', place(0), pointAt(1, 0))).toBeNull();
  expect(points.replace('a', place(1), pointAt(5, 15_000))).toMatchObject({ value: 1, offset: 0n });
  expect(points.replace('a', place(2), pointAt(9, 15_000))).toBeNull();
  expect(points.replace('a', place(3), pointAt(9, 30_000))).toMatchObject({ value: 5, offset: 1n });
});

it('drops points of new counters above the limit, counts them, and goes on with those it knows', () => {
  let dropped = 0;
  const points = createLastPoints({ maxCounters: 2, onDropped: () => dropped++ });
  for (const key of ['a', 'b', 'c', 'c']) points.replace(key, place(0), pointAt(1, 0));
  expect(dropped).toBe(2);
  expect(points.replace('a', place(1), pointAt(2, 15_000))).toMatchObject({ value: 1 });
  expect(points.replace('c', place(1), pointAt(2, 15_000))).toBeNull();
});

it('has room again when others went silent, and knows the oldest offset that it needs', () => {
  const points = createLastPoints({ maxCounters: 1 });
  points.replace('a', place(7), pointAt(1, 0));
  expect(points.lowWatermark()).toBe(7n);
  points.advance(baseMs + 7 + forgetMs - 1);
  expect(points.lowWatermark()).toBe(7n);
  points.advance(baseMs + 7 + forgetMs);
  expect(points.lowWatermark()).toBeNull();
  points.replace('b', place(8), pointAt(1, 15_000));
  expect(points.replace('b', place(9), pointAt(4, 30_000))).toMatchObject({ value: 1 });
});
