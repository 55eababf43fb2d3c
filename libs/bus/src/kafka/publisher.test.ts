import { expect, test } from 'vitest';
import type { RoutedRecord } from '../routing.ts';
import { batchBytes, batchesOf } from './produce.ts';
import { GroupQueue } from './publisher.ts';

const routed = (key: string, partition = 0, bytes = 100): RoutedRecord => ({
  topic: 'alerts',
  partition,
  key,
  value: new Uint8Array(bytes),
  headers: undefined,
});

/** A queue whose writes the test ends. */
function queueOf(limits: { maxBytes: number; maxWaitingBytes: number }) {
  const writes: { readonly keys: string[]; end(error?: Error): void }[] = [];
  const write = (records: readonly RoutedRecord[]) =>
    new Promise<void>((resolve, reject) => {
      const end = (error?: Error) => (error === undefined ? resolve() : reject(error));
      writes.push({ keys: records.map(({ key }) => key), end });
    });
  return { queue: new GroupQueue({ write, ...limits }), writes };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const generous = { maxBytes: 1_000_000, maxWaitingBytes: 1_000_000 };

test('callers that come while a write is under way share the next one, in order', async () => {
  const { queue, writes } = queueOf(generous);
  const first = queue.write([routed('a')]);
  await turn();
  const rest = [queue.write([routed('b'), routed('c')]), queue.write([routed('d')])];
  await turn();
  expect(writes.map(({ keys }) => keys)).toEqual([['a']]);
  writes[0]?.end();
  await first;
  await turn();
  expect(writes[1]?.keys).toEqual(['b', 'c', 'd']);
  writes[1]?.end();
  await Promise.all(rest);
  await queue.settled();
});

test('a failed write is told to those who shared it, and the next ones go on', async () => {
  const { queue, writes } = queueOf(generous);
  const failing = [queue.write([routed('a')]), queue.write([routed('b')])].map((one) => one.catch(String));
  await turn();
  writes[0]?.end(new Error('lost'));
  expect(await Promise.all(failing)).toEqual(['Error: lost', 'Error: lost']);
  const next = queue.write([routed('c')]);
  await turn();
  writes[1]?.end();
  await next;
});

test('what waits is bounded, and one call is never split', async () => {
  const one = batchBytes([routed('a')]);
  const { queue, writes } = queueOf({ maxBytes: one * 2, maxWaitingBytes: one * 5 });
  const done = [queue.write([routed('a')]), queue.write([routed('b'), routed('c')]), queue.write([routed('d')])];
  await turn();
  await expect(queue.write([routed('e'), routed('f')])).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
  for (let index = 0; index < 3; index += 1) {
    writes[index]?.end();
    await turn();
  }
  await Promise.all(done);
  expect(writes.map(({ keys }) => keys)).toEqual([['a'], ['b', 'c'], ['d']]);
});

test('records are split by partition and by size, in order', () => {
  const one = batchBytes([routed('a')]);
  const records = [routed('a', 0), routed('b', 1), routed('c', 0), routed('d', 0), routed('large', 1, 10_000)];
  const batches = batchesOf(records, (topic) => `x.${topic}`, one * 2);
  expect(batches.map(({ topic, partition, records: own }) => [topic, partition, own.map(({ key }) => key)])).toEqual([
    ['x.alerts', 0, ['a', 'c']],
    ['x.alerts', 1, ['b']],
    ['x.alerts', 0, ['d']],
    ['x.alerts', 1, ['large']],
  ]);
});
