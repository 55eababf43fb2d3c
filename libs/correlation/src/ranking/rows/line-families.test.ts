import { expect, it } from 'vitest';
import type { PatternGroup } from './group.ts';
import { lineFamilies } from './line-families.ts';

const line = (text: string, spans: readonly number[]): PatternGroup => ({
  service: 'price',
  operation: 'query',
  what: 'log',
  target: '',
  text,
  severityNumber: 9,
  spans: Float64Array.from(spans),
});
const settled = new Map([['price\nquery', Float64Array.from([10, 10])]]);

it('sums lines that differ in a word, and leaves others alone', () => {
  const patterns = [
    line('query price of the train type ZhiDa', [6, 0]),
    line('query price of the train type GaoTie', [3, 1]),
    line('the whole answer was taken from the cache', [1, 9]),
  ];
  const families = lineFamilies(patterns, settled);
  expect(families).toHaveLength(1);
  expect([...(families[0]?.spans ?? [])]).toEqual([9, 1]);
});

it('never counts more spans than there were', () => {
  const patterns = [line('one of many lines of it a', [9, 9]), line('one of many lines of it b', [9, 9])];
  expect([...(lineFamilies(patterns, settled)[0]?.spans ?? [])]).toEqual([10, 10]);
});

it('takes short lines for what they are', () => {
  expect(lineFamilies([line('order paid', [1, 1]), line('order lost', [1, 1])], settled)).toEqual([]);
});
