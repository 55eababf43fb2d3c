import { expect, test } from 'vitest';
import { committedRecords } from './committed.ts';
import type { RecordBatch } from './record-batch.ts';

const record = (offset: number) => ({ offset, timestampMs: 0, key: 'k', value: null, headers: {} });

/** A batch of records with these offsets. */
function data(offsets: readonly number[], batch: Partial<RecordBatch> = {}): RecordBatch {
  const baseOffset = offsets[0] ?? 0;
  const lastOffset = offsets.at(-1) ?? baseOffset;
  const records = () => offsets.map(record);
  return { baseOffset, lastOffset, producerId: -1n, isTransactional: false, control: undefined, records, ...batch };
}

const marker = (offset: number, producerId: bigint, control: 'commit' | 'abort') =>
  data([offset], { producerId, control, isTransactional: true, records: () => [] });

const offsetsOf = (seen: ReturnType<typeof committedRecords>) => seen.records.map(({ offset }) => offset);

test('records before the position asked for are left out: a broker gives whole batches', () => {
  const seen = committedRecords([data([0, 1, 2, 3])], [], 2);
  expect(offsetsOf(seen)).toEqual([2, 3]);
  expect(seen.position).toBe(4);
});

test('control records are never returned, and the position moves past them', () => {
  const seen = committedRecords(
    [data([0, 1], { producerId: 7n, isTransactional: true }), marker(2, 7n, 'commit')],
    [],
    0,
  );
  expect(offsetsOf(seen)).toEqual([0, 1]);
  expect(seen.position).toBe(3);
});

test('aborted data is left out up to its marker, that of other writers is not, nor is what the writer does next', () => {
  const batches = [
    data([0, 1], { producerId: 7n, isTransactional: true }),
    data([2], { producerId: 8n, isTransactional: true }),
    data([3]),
    marker(4, 7n, 'abort'),
    data([5], { producerId: 7n, isTransactional: true }),
    marker(6, 7n, 'commit'),
    marker(7, 8n, 'commit'),
  ];
  const seen = committedRecords(batches, [{ producerId: 7n, firstOffset: 0 }], 0);
  expect(offsetsOf(seen)).toEqual([2, 3, 5]);
  expect(seen.position).toBe(8);
});

test('a writer that aborts twice is left out twice, whatever the order of the list', () => {
  const batches = [
    data([0], { producerId: 7n, isTransactional: true }),
    marker(1, 7n, 'abort'),
    data([2], { producerId: 7n, isTransactional: true }),
    marker(3, 7n, 'abort'),
  ];
  const aborted = [
    { producerId: 7n, firstOffset: 2 },
    { producerId: 7n, firstOffset: 0 },
  ];
  expect(committedRecords(batches, aborted, 0)).toEqual({ records: [], position: 4 });
});

test('offsets whose records were compacted away are passed over', () => {
  const seen = committedRecords(
    [data([4, 9], { baseOffset: 0, lastOffset: 19 }), data([], { baseOffset: 30, lastOffset: 31 })],
    [],
    0,
  );
  expect(offsetsOf(seen)).toEqual([4, 9]);
  expect(seen.position).toBe(32);
});

test('nothing fetched moves nothing', () => {
  expect(committedRecords([], [], 5)).toEqual({ records: [], position: 5 });
});
