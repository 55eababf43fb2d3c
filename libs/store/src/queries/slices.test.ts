import { expect, it } from 'vitest';
import { periodMs, windowMs } from '../rows.ts';
import { planPeriods, planWindows } from './statement.ts';

const minute = 60_000;
const slices = [
  { fromMs: 3 * minute, toMs: 63 * minute },
  { fromMs: 63 * minute, toMs: 64 * minute },
  { fromMs: 63 * minute, toMs: 75 * minute + 30_000 },
];

it('periods and the windows left over are the windows of the slices, each once and in its slice', () => {
  const { windows, periods } = planPeriods(slices);
  const taken = new Map(windows);
  for (const [second, slice] of periods)
    for (let at = second; at < second + periodMs / 1000; at += windowMs / 1000) {
      expect(taken.has(at)).toBe(false);
      taken.set(at, slice);
    }
  const sorted = (places: ReadonlyMap<number, number>) => [...places].sort(([a], [b]) => a - b);
  expect(sorted(taken)).toEqual(sorted(planWindows(slices).windows));
});

it('only a period that lies in one slice as a whole is read as one', () => {
  const { periods } = planPeriods(slices);
  expect([...periods.keys()].map((second) => second / 60)).toEqual([5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 65, 70]);
  expect(periods.get(70 * 60)).toBe(2);
});
