import { AppError } from '@faultline/runtime';
import { expect, test } from 'vitest';
import { handleEach } from './poison.ts';
import type { LogRecord } from './port.ts';

const recordsOf = (keys: string): LogRecord[] =>
  [...keys].map((key, index) => ({
    topic: 'alerts',
    partition: 0,
    offset: BigInt(index),
    timestampMs: 0,
    key,
    value: null,
    headers: {},
  }));

/** Handles records, failing on those whose key is `x`. */
function handler(error: Error) {
  const handled: string[] = [];
  const dead: string[] = [];
  const options = {
    handle: async (records: readonly LogRecord[]) => {
      if (records.some(({ key }) => key === 'x')) throw error;
      handled.push(...records.map(({ key }) => key));
    },
    deadLetter: async ({ key, offset }: LogRecord, cause: unknown) => {
      expect(cause).toBe(error);
      dead.push(`${key}${offset}`);
    },
  };
  return { handled, dead, options };
}

test('a good batch is handled in one go', async () => {
  const { handled, dead, options } = handler(new Error('bad'));
  await handleEach(recordsOf('abcd'), options);
  await handleEach([], options);
  expect({ handled, dead }).toEqual({ handled: ['a', 'b', 'c', 'd'], dead: [] });
});

test('bad records are set aside, the rest is handled in order', async () => {
  const { handled, dead, options } = handler(new Error('bad'));
  await handleEach(recordsOf('abxcdefxg'), options);
  expect({ handled: handled.join(''), dead }).toEqual({ handled: 'abcdefg', dead: ['x2', 'x7'] });
});

test('a single record that fails once only is handled', async () => {
  let calls = 0;
  const handle = async () => {
    calls += 1;
    if (calls === 1) throw new Error('once');
  };
  await handleEach(recordsOf('a'), { handle, deadLetter: async () => expect.unreachable() });
  expect(calls).toBe(2);
});

test.each([
  new AppError('TEST_BUSY', 'busy', { kind: 'transient' }),
  new AppError('BUS_FENCED', 'lost', { kind: 'permanent' }),
])("%s is nobody's fault and ends the batch", async (error) => {
  const { dead, options } = handler(error);
  await expect(handleEach(recordsOf('abx'), options)).rejects.toBe(error);
  expect(dead).toEqual([]);
});
