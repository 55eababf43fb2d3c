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

it.each([
  ['another operation', { operation: 'update' }],
  ['another severity', { severityNumber: 17 }],
  ['a call', { what: 'call' as const }],
])('keeps a similar line apart from that of %s', (_, other) => {
  const patterns = [
    line('one of many lines of it a', [1, 1]),
    { ...line('one of many lines of it b', [1, 1]), ...other },
  ];
  expect(lineFamilies(patterns, settled)).toEqual([]);
});

it('compares words place by place, so the same words in another order are another line', () => {
  const patterns = [
    line('the cache took the answer of price', [1, 1]),
    line('price took the answer of the cache', [1, 1]),
  ];
  expect(lineFamilies(patterns, settled)).toEqual([]);
});

it('says how many lines stand behind the first', () => {
  const patterns = ['a', 'b', 'c'].map((name) => line(`one of many lines of it ${name}`, [1, 1]));
  expect(lineFamilies(patterns, settled)[0]?.text).toBe('one of many lines of it a (and 2 alike)');
});
