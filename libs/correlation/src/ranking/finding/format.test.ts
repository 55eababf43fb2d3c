import { describe, expect, it } from 'vitest';
import { formatEdge, formatPercent, formatRatio, formatSeconds, formatUs, formatValue, listed } from './format.ts';

describe('numbers for people', () => {
  it.each([
    [0, '0 us'],
    [999.4, '999 us'],
    [1000, '1 ms'],
    [1500, '1.5 ms'],
    [12_340, '12.3 ms'],
    [123_400, '123 ms'],
    [1_000_000, '1 s'],
    [100_000_000, '100 s'],
    [Number.NaN, 'unknown'],
  ])('a duration of %d us has the unit that fits: %s', (us, text) => {
    expect(formatUs(us)).toBe(text);
  });

  it.each([
    [0, '0 %'],
    [0.0001, '<0.1 %'],
    [0.0123, '1.2 %'],
    [0.05, '5 %'],
    [0.456, '46 %'],
    [1, '100 %'],
  ])('a share of %d is %s', (share, text) => {
    expect(formatPercent(share)).toBe(text);
  });

  it.each([
    [0.5, '', '0.5'],
    [0.5, '1', '0.5'],
    [20.04, 's', '20 s'],
    [123_456.7, 'By', '123457 By'],
    [-3.2571, '%', '-3.26 %'],
    [100, '', '100'],
  ])('a value of %d with the unit "%s" is %s', (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });

  it.each([
    [29_600, '30 s'],
    [-119_000, '119 s'],
    [120_000, '2 min'],
    [3_600_000, '60 min'],
  ])('a time span of %d ms is %s, without its sign', (ms, text) => {
    expect(formatSeconds(ms)).toBe(text);
  });

  it('a ratio needs something to compare with', () => {
    expect([formatRatio(6.4, 2), formatRatio(3, 0)]).toEqual(['3.2 times', 'from nothing']);
  });
});

describe('listed', () => {
  it('names as many as asked for, and counts the rest', () => {
    expect(listed(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more');
    expect(listed(['a', 'b'], 1)).toBe('a and 1 more');
  });

  it('counts no rest where there is none', () => {
    expect([listed(['a', 'b', 'c']), listed([])]).toEqual(['a, b, c', '']);
  });
});

it('an edge is written from caller to callee', () => {
  expect(formatEdge({ caller: 'web', callee: 'api' })).toBe('web -> api');
});
