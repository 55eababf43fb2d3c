import { expect, it } from 'vitest';
import { strictRank, tally } from './score.ts';

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

it('a service listed twice takes one place, at its best score', () => {
  const guesses = [
    { service: 'a', score: 0.9 },
    { service: 'a', score: 0.8 },
    { service: 'b', score: 0.5 },
  ];
  expect(strictRank(guesses, 'b')).toBe(2);
});

it('a label that is not listed is no hit at any k', () => {
  expect(tally([strictRank([], 'a'), 1, 3, 6])).toEqual({ cases: 4, top1: 1, top3: 2, top5: 2 });
});
