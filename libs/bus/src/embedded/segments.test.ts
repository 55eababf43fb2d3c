import { expect, test } from 'vitest';
import type { SegmentInfo } from './protocol.ts';
import { type DropInput, decideDrops, Segments } from './segments.ts';

/** Files of one partition with ten records and 100 bytes each. Their last records are from 1000, 2000, ... ms. */
const files = (count: number): SegmentInfo[] =>
  Array.from({ length: count }, (_, index) => ({
    topic: 'spans',
    sequence: index + 1,
    createdMs: index * 1_000,
    recordsBeforeMs: index * 1_000,
    base: [index * 10],
    bytes: 100,
  }));

const dropped = (question: Partial<DropInput>): number[] =>
  decideDrops({
    segments: files(5),
    floors: [1_000],
    nowMs: 5_000,
    retentionMs: 60_000,
    maxBytes: 10_000,
    minRetentionMs: 500,
    ...question,
  }).map(({ sequence }) => sequence);

test('young files within the size limit stay', () => expect(dropped({})).toEqual([]));
test('expired files are dropped, but never the active one', () => {
  expect(dropped({ retentionMs: 3_000 })).toEqual([1, 2]);
  expect(dropped({ nowMs: 1e9 })).toEqual([1, 2, 3, 4]);
});
test('a file that a group has not committed stays whatever its age and size, and so do all later ones', () => {
  expect(dropped({ nowMs: 1e9, floors: [25] })).toEqual([1, 2]);
  expect(dropped({ nowMs: 1e9, floors: [0], maxBytes: 1 })).toEqual([]);
});
test('without a group that reads the topic nothing is retained for it', () => {
  expect(dropped({ nowMs: 1e9, floors: null })).toEqual([1, 2, 3, 4]);
});
test('over the size limit the oldest files are dropped early, but not very young ones', () => {
  expect(dropped({ maxBytes: 300 })).toEqual([1, 2]);
  expect(dropped({ maxBytes: 100, minRetentionMs: 3_000 })).toEqual([1, 2]);
});

test('only files that may hold a range are read', () => {
  const segments = new Segments();
  for (const file of files(4)) segments.put(file);
  const holding = (from: number, to: number) =>
    segments.holding({ topic: 'spans', partition: 0, from, to }).map(({ sequence }) => sequence);
  expect(holding(0, 5)).toEqual([1]);
  expect(holding(10, 11)).toEqual([2]);
  expect(holding(9, 21)).toEqual([1, 2, 3]);
  expect(holding(35, 1_000)).toEqual([4]);
});
