import { expect, it } from 'vitest';
import { createRequestMemory, retryWindowMs } from './requests.ts';

const record = (offset: number, timestampMs: number, topic: 'spans' | 'logs' = 'spans') => ({
  topic,
  offset: BigInt(offset),
  timestampMs,
  value: null,
  headers: {},
});

it('a repeated request is recognised within its topic for ten minutes', () => {
  const memory = createRequestMemory([]);
  expect(memory.isRepeat(record(0, 1_000), 'a.0')).toBe(false);
  expect(memory.isRepeat(record(1, 1_000), 'a.1')).toBe(false);
  expect(memory.isRepeat(record(0, 1_000, 'logs'), 'a.0')).toBe(false);
  expect(memory.isRepeat(record(2, 999 + retryWindowMs), 'a.0')).toBe(true);
  expect(memory.isRepeat(record(3, 1_000 + retryWindowMs), 'a.0')).toBe(false);
});

it('a record that is read again is not a repeat of itself', () => {
  const memory = createRequestMemory([]);
  expect(memory.isRepeat(record(5, 1_000), 'a')).toBe(false);
  expect(memory.isRepeat(record(5, 1_000), 'a')).toBe(false);
  expect(memory.isRepeat(record(6, 1_000), 'a')).toBe(true);
});

it('a record without a request is never a repeat', () => {
  const memory = createRequestMemory([]);
  expect([memory.isRepeat(record(0, 1), ''), memory.isRepeat(record(1, 1), '')]).toEqual([false, false]);
});

it('the memory is restored from its stored slots, and stores only slots that changed', () => {
  const memory = createRequestMemory([]);
  memory.isRepeat(record(0, 1_000), 'a');
  memory.isRepeat(record(1, 7_000), 'b');
  const written = memory.takeChanged();
  expect(written.map(({ slot }) => slot)).toEqual([0, 1]);
  expect(memory.takeChanged()).toEqual([]);
  const again = createRequestMemory(written.map(({ requests }) => requests));
  expect(again.isRepeat(record(2, 8_000), 'a')).toBe(true);
  expect(again.isRepeat(record(3, 8_000), 'b')).toBe(true);
});

it('the memory holds no more than the window', () => {
  const memory = createRequestMemory([]);
  for (let at = 0; at < 3 * retryWindowMs; at += 1_000) memory.isRepeat(record(at, at), `r${at}`);
  const entries = memory.takeChanged().flatMap(({ requests }) => requests.entries);
  expect(entries.length).toBeLessThan(retryWindowMs / 1_000 + 10);
});
