import { expect, test } from 'vitest';
import { WriteQueue } from './write-queue.ts';

function queueOf(limits: { maxWaitingBytes: number; maxFlushBytes: number }) {
  const flushed: string[][] = [];
  const queue = new WriteQueue<string>({
    ...limits,
    flush: async (entries) => {
      flushed.push(entries.map(({ work }) => work));
      if (entries.some(({ work }) => work === 'bad')) throw new Error('refused');
      for (const entry of entries) entry.resolve();
    },
  });
  return { queue, flushed };
}

test('entries that arrive together are written together, in order', async () => {
  const { queue, flushed } = queueOf({ maxWaitingBytes: 1_000, maxFlushBytes: 1_000 });
  await Promise.all(['a', 'b', 'c'].map((work) => queue.push(work, 10)));
  await queue.push('d', 10);
  expect(flushed).toEqual([['a', 'b', 'c'], ['d']]);
});

test('a flush is bounded, but a single entry of any size is written', async () => {
  const { queue, flushed } = queueOf({ maxWaitingBytes: 1_000, maxFlushBytes: 25 });
  await Promise.all([queue.push('a', 10), queue.push('b', 10), queue.push('c', 10), queue.push('large', 100)]);
  expect(flushed).toEqual([['a', 'b'], ['c'], ['large']]);
});

test('a failed flush rejects its own entries only', async () => {
  const { queue } = queueOf({ maxWaitingBytes: 1_000, maxFlushBytes: 10 });
  const results = await Promise.allSettled([queue.push('bad', 10), queue.push('good', 10)]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
});

test('an entry is refused while too much is waiting, and accepted later', async () => {
  const { queue } = queueOf({ maxWaitingBytes: 100, maxFlushBytes: 1_000 });
  const first = queue.push('a', 90);
  await expect(queue.push('b', 20)).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE', kind: 'transient' });
  await first;
  await queue.push('b', 20);
});

test('work between flushes runs while no flush is under way', async () => {
  const { queue, flushed } = queueOf({ maxWaitingBytes: 100, maxFlushBytes: 1_000 });
  const first = queue.push('a', 1);
  let flushesBefore = 0;
  const between = queue.between(async () => {
    flushesBefore = flushed.length;
  });
  await Promise.all([first, between]);
  expect(flushesBefore).toBe(1);
  await queue.push('b', 1);
  expect(flushed).toEqual([['a'], ['b']]);
});
