import { expect, it } from 'vitest';
import { Schedule } from './schedule.ts';

it('returns what is due, sorted by key, once', () => {
  const schedule = new Schedule();
  for (const [key, dueMs] of [
    ['b', 5],
    ['a', 5],
    ['c', 7],
  ] as const)
    schedule.set(key, dueMs);
  expect(schedule.next()).toBe(5);
  expect(schedule.take(4)).toEqual([]);
  expect(schedule.take(5)).toEqual(['a', 'b']);
  expect(schedule.take(5)).toEqual([]);
  expect(schedule.next()).toBe(7);
});

it('keeps the last deadline of a key: later, earlier or never', () => {
  const schedule = new Schedule();
  for (const dueMs of [5, 9, 8, 3, 6]) schedule.set('moved', dueMs);
  schedule.set('never', 1);
  schedule.set('never', null);
  expect(schedule.next()).toBe(6);
  expect(schedule.take(5)).toEqual([]);
  expect(schedule.take(6)).toEqual(['moved']);
  schedule.set('moved', 6);
  expect(schedule.take(6)).toEqual(['moved']);
  expect(schedule.next()).toBeNull();
});

it('agrees with a search through all deadlines', () => {
  const schedule = new Schedule();
  const plans = new Map<string, number>();
  for (let n = 0; n < 20_000; n += 1) {
    const key = `k${(n * 7919) % 300}`;
    const dueMs = n + ((n * 104_729) % 1000);
    schedule.set(key, dueMs);
    plans.set(key, dueMs);
    if (n % 50 !== 0) continue;
    const due = [...plans].flatMap(([name, at]) => (at <= n ? [name] : [])).sort();
    expect(schedule.take(n)).toEqual(due);
    for (const name of due) plans.delete(name);
    expect(schedule.next()).toBe(plans.size === 0 ? null : Math.min(...plans.values()));
  }
});
