import { expect, it } from 'vitest';
import { StorePace } from './store-pace.ts';

function paceAfter(...tookMs: readonly number[]): StorePace {
  const pace = new StorePace();
  for (const ms of tookMs) pace.note(ms);
  return pace;
}

it('a store that is quick, or not known yet, is left the least, but no more than half of the time', () => {
  expect(paceAfter().reserveMs(2_000, 1_000)).toBe(1_000);
  expect(paceAfter(90, 120, 80).reserveMs(2_000, 1_000)).toBe(1_000);
  expect(paceAfter().reserveMs(1_000, 1_000)).toBe(500);
});

it('a slow store is left twice what it takes, and one that is too slow not all of the time', () => {
  expect(paceAfter(700, 600, 650).reserveMs(2_000, 1_000)).toBe(1_300);
  expect(paceAfter(3_000).reserveMs(2_000, 1_000)).toBe(1_600);
});

it('one slow read changes nothing, and old ones are forgotten', () => {
  expect(paceAfter(100, 100, 4_000).reserveMs(2_000, 1_000)).toBe(1_000);
  expect(paceAfter(...Array(9).fill(4_000), ...Array(9).fill(100)).reserveMs(2_000, 1_000)).toBe(1_000);
});
