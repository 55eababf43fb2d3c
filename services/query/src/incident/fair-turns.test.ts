import { expect, it } from 'vitest';
import { createFairTurns } from './fair-turns.ts';

/** A turn of the event loop, which moves the clock. */
const passing = (move: () => void) => async () => {
  await new Promise((resolve) => setImmediate(resolve));
  move();
};

it('lets a few through at a time, in order, and leaves the others three quarters of the time', async () => {
  let nowMs = 0;
  const log: string[] = [];
  const turns = createFairTurns({
    together: 2,
    share: 0.25,
    clock: () => nowMs,
    nextTurn: passing(() => {
      nowMs += 10;
    }),
    pause: async (ms) => void log.push(`pause ${ms}`),
  });
  await Promise.all([1, 2, 3, 4, 5].map((number) => turns.take().then(() => log.push(`watch ${number}`))));
  expect(log).toEqual(['watch 1', 'watch 2', 'pause 30', 'watch 3', 'watch 4', 'pause 30', 'watch 5']);
});

it('a pause is bounded', async () => {
  let nowMs = 0;
  const pauses: number[] = [];
  const turns = createFairTurns({
    together: 1,
    clock: () => nowMs,
    nextTurn: passing(() => {
      nowMs += 1_000;
    }),
    pause: async (ms) => void pauses.push(ms),
  });
  await Promise.all([turns.take(), turns.take()]);
  expect(pauses).toEqual([50]);
});
