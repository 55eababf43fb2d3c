import { expect, it } from 'vitest';
import { AppError } from './error.ts';
import type { Logger } from './log.ts';
import { type RetryStartOptions, retryStart } from './start-retry.ts';

const server = { what: 'Kafka at 127.0.0.1:9092', deadlineMs: 10_000, setting: 'bus.startDeadlineMs' };
const away = () => new AppError('BUS_UNAVAILABLE', 'no broker responds', { kind: 'transient' });

/** A clock that moves only while somebody pauses, and the lines of the log. */
function world(signal?: AbortSignal) {
  let nowMs = 0;
  const lines: { message: string; fields: object }[] = [];
  const write = (message: string, fields: object = {}) => void lines.push({ message, fields });
  const logger: Logger = { debug: write, info: write, warn: write, error: write };
  const options: RetryStartOptions = {
    logger,
    clock: () => nowMs,
    pause: async (ms) => {
      nowMs += Math.max(ms, 100);
    },
    ...(signal === undefined ? {} : { signal }),
  };
  return { options, lines, pass: (ms: number) => (nowMs += ms) };
}

it('returns what the server gave once it is up, and says meanwhile what it waits for and how long still', async () => {
  const { options, lines, pass } = world();
  let attempts = 0;
  const work = async () => {
    attempts += 1;
    pass(3_000);
    if (attempts === 1) throw away();
    return 'connected';
  };
  expect(await retryStart(work, server, options)).toBe('connected');
  expect(lines).toEqual([
    { message: 'connecting to Kafka at 127.0.0.1:9092', fields: { deadlineSeconds: 10 } },
    {
      message: 'waiting for Kafka at 127.0.0.1:9092',
      fields: { secondsLeft: 7, attempt: 1, reason: 'no broker responds' },
    },
  ]);
});

it('gives up at the deadline with one error that names the server and the setting', async () => {
  const { options } = world();
  const failing = retryStart(() => Promise.reject(away()), server, options);
  await expect(failing).rejects.toMatchObject({
    code: 'BUS_UNAVAILABLE',
    kind: 'transient',
    message: 'Kafka at 127.0.0.1:9092 did not respond within 10 s (bus.startDeadlineMs). no broker responds',
  });
});

it('a permanent error and a bug end it at once', async () => {
  for (const error of [new AppError('BUS_DENIED', 'no', { kind: 'permanent' }), new Error('bug')]) {
    const { options, lines } = world();
    await expect(retryStart(() => Promise.reject(error), server, options)).rejects.toBe(error);
    expect(lines).toHaveLength(1);
  }
});

it('a signal ends it', async () => {
  const { options, lines } = world(AbortSignal.abort());
  await expect(retryStart(() => Promise.reject(away()), server, options)).rejects.toMatchObject({
    code: 'BUS_UNAVAILABLE',
  });
  expect(lines).toHaveLength(1);
});
