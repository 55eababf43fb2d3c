import { expect, it } from 'vitest';
import { finish, finishInSlices, type Steps } from './steps.ts';

function* count(to: number, seen: number[] = []): Steps<string> {
  for (let number = 1; number <= to; number++) {
    seen.push(number);
    yield;
  }
  return `${to} done`;
}

it('runs all steps at once', () => {
  expect(finish(count(5))).toBe('5 done');
});

it('pauses after each slice, and says when slices begin and end', async () => {
  let nowMs = 0;
  const seen: number[] = [];
  const log: string[] = [];
  const result = await finishInSlices(count(5, seen), {
    sliceMs: 20,
    clock: () => {
      nowMs += 10;
      return nowMs;
    },
    pause: async () => void log.push(`pause after ${seen.length}`),
    onSlice: () => {
      log.push('begin');
      return () => log.push('end');
    },
  });
  expect(result).toBe('5 done');
  expect(log).toEqual(['begin', 'end', 'pause after 2', 'begin', 'end', 'pause after 4', 'begin', 'end']);
});

it('an error ends it, and the slice', async () => {
  let open = 0;
  function* failing(): Steps<never> {
    yield;
    throw new Error('bad');
  }
  const onSlice = () => {
    open += 1;
    return () => {
      open -= 1;
    };
  };
  await expect(finishInSlices(failing(), { sliceMs: 1_000, onSlice })).rejects.toThrow('bad');
  expect(open).toBe(0);
});

it('by default timers and sockets are served between two slices', async () => {
  let served = 0;
  const timer = setInterval(() => served++, 1);
  function* busy(): Steps<void> {
    for (const until = performance.now() + 50; performance.now() < until; ) yield;
  }
  await finishInSlices(busy(), { sliceMs: 5 });
  clearInterval(timer);
  expect(served).toBeGreaterThan(1);
});
