import type { TopicName } from '@faultline/model';
import { backoffMs, type Logger, sleep } from '@faultline/runtime';
import type { Bus, CaughtUp, LogRecord, ReadOptions, SubscribeOptions } from '../port.ts';
import type { SourceTopicOptions } from '../source-topic.ts';
import { RegistryAssignment } from './assignment.ts';
import type { Conversion } from './convert.ts';

const retry = { baseMs: 200, maxMs: 5_000 };

/** Wraps a log and converts every value. */
export function convertingBus(inner: Bus, conversion: Conversion, logger: Logger): Bus {
  const openSourceTopic = inner.openSourceTopic?.bind(inner);
  return {
    publish: (records) => inner.publish(conversion.writeAll(records)),
    subscribe: ({ run, ...options }: SubscribeOptions) =>
      inner.subscribe({ ...options, run: (assignment) => run(new RegistryAssignment(assignment, conversion)) }),
    ...(openSourceTopic === undefined
      ? {}
      : { openSourceTopic: (options) => openSourceTopic(convertedSource(options, conversion)) }),
    read: (options) => readConverted(inner, options, conversion),
    follow: (topic, signal) => followConverted({ inner, conversion, logger }, topic, signal),
    offsets: (topic) => inner.offsets(topic),
    committed: (group, topic) => inner.committed(group, topic),
    partitionCount: (topic) => inner.partitionCount(topic),
    partitionOf: (topic, key) => inner.partitionOf(topic, key),
    maxRecordBytes: inner.maxRecordBytes,
    ping: () => inner.ping(),
  };
}

/** What is read is not ours, and stays as it is. What is written is converted. */
function convertedSource({ run, ...options }: SourceTopicOptions, conversion: Conversion): SourceTopicOptions {
  return {
    ...options,
    run: (assignment) =>
      run({
        partition: assignment.partition,
        signal: assignment.signal,
        poll: (limit) => assignment.poll(limit),
        commit: ({ records, offset }) => assignment.commit({ records: conversion.writeAll(records), offset }),
      }),
  };
}

async function* readConverted(inner: Bus, options: ReadOptions, conversion: Conversion): AsyncIterable<LogRecord> {
  for await (const record of inner.read(options)) yield await conversion.read(record);
}

interface Following {
  readonly inner: Bus;
  readonly conversion: Conversion;
  readonly logger: Logger;
}

/** A follower runs for ever, so it waits for the registry instead of failing. */
async function* followConverted(
  { inner, conversion, logger }: Following,
  topic: TopicName,
  signal: AbortSignal,
): AsyncIterable<LogRecord | CaughtUp> {
  for await (const item of inner.follow(topic, signal)) {
    if ('caughtUp' in item) {
      yield item;
      continue;
    }
    for (let attempt = 1; !signal.aborted; attempt++) {
      const converted = await conversion.read(item).catch((error: unknown) => {
        if (attempt === 1)
          logger.warn('the schema registry does not respond; waiting for it', { topic, error: String(error) });
        return null;
      });
      if (converted !== null) {
        yield converted;
        break;
      }
      await sleep(backoffMs(attempt, retry, Math.random), signal);
    }
  }
}
