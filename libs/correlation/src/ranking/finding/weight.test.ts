import { expect, it } from 'vitest';
import { logOdds, share } from './weight.ts';

it('a fit may move log-odds between nothing and certainty, and never below zero', () => {
  expect(logOdds(2.3, 'ten times')).toEqual({ start: 2.3, min: 0, max: 8, unit: 'log-odds', why: 'ten times' });
});

it('a fit keeps shares between none and all', () => {
  expect(share(0.5, 'a half')).toMatchObject({ start: 0.5, min: 0, max: 1, unit: 'share' });
});
