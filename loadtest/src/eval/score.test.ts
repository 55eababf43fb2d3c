import { expect, it } from 'vitest';
import { brierScore, quantile, reliability, shareOf, strictRank, tally } from './score.ts';

it('an equal score counts against the label', () => {
  expect(
    strictRank(
      [
        { service: 'a', score: 0.5 },
        { service: 'b', score: 0.5 },
      ],
      'b',
    ),
  ).toBe(2);
});

it('a service that is listed twice counts once, at its best score', () => {
  const guesses = [
    { service: 'a', score: 0.9 },
    { service: 'a', score: 0.8 },
    { service: 'b', score: 0.5 },
  ];
  expect(strictRank(guesses, 'b')).toBe(2);
});

it('a label that is not listed is no hit at any k', () => {
  expect(strictRank([], 'a')).toBe(Number.POSITIVE_INFINITY);
  expect(tally([null, 1, 3, 6])).toEqual({ cases: 4, top1: 1, top3: 2, top5: 2 });
});

it('null answers do not count', () => {
  expect(shareOf([true, null, false, null])).toEqual({ yes: 1, of: 2 });
});

it('a certain but wrong forecast costs most', () => {
  expect(brierScore([{ probability: 1, hit: false }])).toBe(1);
  expect(brierScore([{ probability: 0.5, hit: true }])).toBe(0.25);
});

it('forecasts of 1 fall into the last bin', () => {
  const bins = reliability([1, 0.9, 0.1].map((probability) => ({ probability, hit: probability === 1 })));
  expect(bins.map(({ count }) => count)).toEqual([1, 0, 0, 0, 2]);
  expect(bins.at(-1)).toMatchObject({ predicted: 0.95, observed: 0.5 });
});

it('a quantile is one of the values', () => {
  expect(quantile([3, 1, 2], 0.5)).toBe(2);
  expect(quantile([3, 1, Number.POSITIVE_INFINITY], 0.95)).toBe(Number.POSITIVE_INFINITY);
});
