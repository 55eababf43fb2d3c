import { expect, it } from 'vitest';
import { baseMs, spanRecord } from '../testing/block.ts';
import { newState } from '../testing/state.ts';
import { applyCheckpoint } from './apply.ts';
import { deadLetterRecord } from './dead-letter.ts';

const span = { service: 'a', id: 1, from: 0, to: 1 };
const ends = (spans: bigint) => [
  { topic: 'spans' as const, offset: spans },
  { topic: 'logs' as const, offset: 0n },
  { topic: 'metrics' as const, offset: 0n },
];
const checkpointTo = (offset: bigint, watermarkMs: number) => ({
  ends: ends(offset),
  watermarkMs,
  barrier: false,
  takenAtMs: 0,
});

it('raw rows are named by their range, derived rows by range and watermark, and idle checkpoints differ', () => {
  const state = newState();
  const first = applyCheckpoint(state, checkpointTo(1n, baseMs), [
    spanRecord([span], { offset: 0n, timestampMs: baseMs }),
  ]);
  expect(first.batches.map(({ token }) => token)).toEqual([
    'spans/0/0-0/otel_traces',
    `spans/0/0-0@${baseMs}/operation_windows`,
    `spans/0/0-0@${baseMs}/presence`,
  ]);
  const second = applyCheckpoint(state, checkpointTo(2n, baseMs + 10_000), [
    spanRecord([{ ...span, trace: 2 }], { offset: 1n, timestampMs: baseMs + 10_000 }),
  ]);
  expect(second.batches.map(({ token }) => token)).toEqual([
    'spans/0/1-1/otel_traces',
    `spans/0/1-1@${baseMs + 10_000}/operation_windows`,
    `spans/0/1-1@${baseMs + 10_000}/presence`,
  ]);
  // What arrives and what settles share the insert of their table.
  const windows = second.batches.flatMap(({ table, rows }) => (table === 'operation_windows' ? rows : []));
  expect(windows.map(({ Calls, SettledCalls }) => [Calls, SettledCalls])).toEqual([
    [1, 0],
    [0, 1],
  ]);
  const idle = applyCheckpoint(state, checkpointTo(2n, baseMs + 20_000), []);
  expect(idle.batches).toHaveLength(1);
  expect(idle.batches[0]?.token).toContain(`@${baseMs + 20_000}/`);
});

it('repeats and unreadable records are counted by source', () => {
  const state = newState();
  const record = spanRecord([span, { ...span, id: 2 }], { offset: 0n, timestampMs: baseMs, request: 'r.0' });
  const broken = { ...record, offset: 2n, value: null, headers: { source: 'test', items: '7', scope: 'acme/prod' } };
  const { deadLetters } = applyCheckpoint(state, checkpointTo(3n, baseMs), [record, { ...record, offset: 1n }, broken]);
  expect(state.ledger.takeChanged()).toMatchObject([
    { writer: 'recorder-0', source: 'test', totals: { recorded: 2, duplicates: 2, deadLettered: 7 } },
  ]);
  expect(deadLetters).toMatchObject([{ items: 7, signal: 'spans', tenant: 'acme' }]);
  expect(deadLetters.map(deadLetterRecord)).toMatchObject([{ headers: { source: 'test', tenant: 'acme' } }]);
});

it('a record on which our own code throws becomes a dead letter', () => {
  const state = newState();
  const join = {
    ...state.join,
    lowWatermark: () => null,
    marks: () => ({ watermarkMs: 0, aged: [] }),
    advance: () => {},
    addSpans: () => {
      throw new Error('a bug');
    },
  };
  const record = spanRecord([span], { offset: 0n, timestampMs: baseMs });
  const { batches, deadLetters } = applyCheckpoint({ ...state, join }, checkpointTo(1n, baseMs), [record]);
  expect(batches).toEqual([]);
  expect(deadLetters).toMatchObject([{ reason: 'a bug' }]);
});
