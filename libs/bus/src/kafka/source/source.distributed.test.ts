/** Topics that others fill, over real brokers. The producer is plain kafkajs, as anybody's may be. */
import { randomUUID } from 'node:crypto';
import { type Admin, CompressionTypes, Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readAll, record, textOf } from '../../../contract/harness.ts';
import { createEmbeddedBus } from '../../embedded/index.ts';
import { openSourceTopic } from '../../open-source-topic.ts';
import type { Bus } from '../../port.ts';
import type { SourceAssignment, SourceSubscription } from '../../source-topic.ts';
import { kafkaClusterConfig } from '../config.ts';
import { createKafkaBus } from '../index.ts';
import { removeTopics, testBrokers, testLogger, testOptions } from '../testing/under-test.ts';
import { openTopicOfCluster } from './index.ts';

const kafka = new Kafka({ brokers: testBrokers(), clientId: 'theirs', logLevel: logLevel.NOTHING });
const limit = { maxRecords: 10, maxBytes: 100_000, waitMs: 200 };
const patience = { timeout: 30_000, interval: 100 };
let admin: Admin;
beforeAll(async () => {
  admin = kafka.admin();
  await admin.connect();
});
afterAll(() => admin.disconnect());

async function createTopic(numPartitions: number): Promise<string> {
  const topic = newName();
  await create(topic, numPartitions);
  return topic;
}

const newName = () => `theirs-${randomUUID().slice(0, 8)}`;

/** Resolves when each partition has a leader. kafkajs's own wait fails on a broker that has not heard of the topic. */
async function create(topic: string, numPartitions: number): Promise<void> {
  await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions, replicationFactor: 1 }] });
  await vi.waitFor(() => admin.fetchTopicMetadata({ topics: [topic] }), patience);
}

const texts = (count: number, prefix = '') => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

/** Each time by a new producer: an old one drops what it sends to a partition that it has not heard of. */
async function send(topic: string, values: readonly string[], partition = 0): Promise<void> {
  const producer = kafka.producer({ idempotent: true });
  await producer.connect();
  const messages = values.map((value) => ({ value, partition, headers: { 'content-type': 'text/plain' } }));
  await producer.send({ topic, messages, compression: CompressionTypes.GZIP });
  await producer.disconnect();
}

/** Copies each message to `alerts`. `fail` may throw after a commit. */
function copyLoop(fail: () => void = () => undefined) {
  return async (assignment: SourceAssignment) => {
    while (!assignment.signal.aborted) {
      const found = await assignment.poll(limit);
      const last = found.at(-1);
      if (last === undefined) continue;
      const records = found.map(({ value }) => record('alerts', 'k', Buffer.from(value ?? '').toString()));
      await assignment.commit({ records, offset: last.offset + 1n });
      fail();
    }
  };
}

const caughtUp = (source: SourceSubscription) =>
  vi.waitFor(async () => expect(await source.status()).toMatchObject({ lag: 0, held: expect.any(Number) }), patience);
const alertsOf = async (bus: Bus) => (await readAll(bus, 'alerts')).map(textOf);

async function withKafkaBus(work: (bus: Bus) => Promise<void>): Promise<void> {
  const options = testOptions();
  const { value, stop } = await createKafkaBus(options).start();
  try {
    await work(value);
  } finally {
    await stop();
    await removeTopics(options);
  }
}

test('in the cluster of the log each message counts once, although the loop fails again and again', () =>
  withKafkaBus(async (bus) => {
    const topic = await createTopic(2);
    await send(topic, texts(60, 'a'), 0);
    await send(topic, texts(60, 'b'), 1);
    let commits = 0;
    const fail = () => {
      commits += 1;
      if (commits % 3 === 0) throw new Error('the loop fails');
    };
    const options = { topic, group: topic, startAt: 'earliest', run: copyLoop(fail) } as const;
    const source = openSourceTopic({ bus, cluster: null, logger: testLogger }, options);
    await vi.waitFor(async () => expect(await alertsOf(bus)).toHaveLength(120), patience);
    await caughtUp(source);
    expect(commits).toBe(12);
    expect((await alertsOf(bus)).toSorted()).toEqual([...texts(60, 'a'), ...texts(60, 'b')].toSorted());
    await source.stop();
  }));

test('two processes share the partitions, and the one that is left takes all', () =>
  withKafkaBus(async (bus) => {
    const topic = await createTopic(2);
    const options = { topic, group: topic, startAt: 'earliest', run: copyLoop() } as const;
    const open = () => openSourceTopic({ bus, cluster: null, logger: testLogger }, options);
    const [first, second] = [open(), open()];
    await vi.waitFor(async () => {
      expect(await first.status()).toMatchObject({ partitions: 2, held: 1 });
      expect(await second.status()).toMatchObject({ held: 1 });
    }, patience);
    await second.stop();
    await send(topic, texts(10, 'a'), 0);
    await send(topic, texts(10, 'b'), 1);
    await vi.waitFor(async () => expect(await alertsOf(bus)).toHaveLength(20), patience);
    expect(await first.status()).toMatchObject({ held: 2 });
    await first.stop();
  }));

async function withEmbeddedBus(work: (bus: Bus) => Promise<void>): Promise<void> {
  const { value, stop } = await createEmbeddedBus({
    folder: ':memory:',
    partitions: { scope: 1, telemetry: 1 },
    maxRecordBytes: 100_000,
    logger: testLogger,
    clock: Date.now,
  }).start();
  await work(value);
  await stop();
}

const cluster = () => kafkaClusterConfig.parse({ brokers: testBrokers(), sessionTimeoutMs: 6_000, heartbeatMs: 100 });
const tuning = { backoff: { baseMs: 1, maxMs: 5 }, lookEveryMs: { missing: 100, known: 100 } };

test('beside another log the position is committed in the group, and the next reader begins there', () =>
  withEmbeddedBus(async (bus) => {
    const topic = await createTopic(1);
    await send(topic, texts(5));
    const options = { topic, group: topic, startAt: 'earliest', run: copyLoop() } as const;
    const open = () => openTopicOfCluster({ cluster: cluster(), bus, logger: testLogger, tuning }, options);
    const first = open();
    await caughtUp(first);
    await first.stop();
    const [committed] = await admin.fetchOffsets({ groupId: topic, topics: [topic] });
    expect(committed?.partitions).toMatchObject([{ partition: 0, offset: '5' }]);
    await send(topic, ['later']);
    const second = open();
    await vi.waitFor(async () => expect(await alertsOf(bus)).toEqual([...texts(5), 'later']), patience);
    await second.stop();
  }));

test('a topic may be created later and get more partitions', () =>
  withEmbeddedBus(async (bus) => {
    const topic = newName();
    const options = { topic, group: topic, startAt: 'earliest', run: copyLoop() } as const;
    const source = openTopicOfCluster({ cluster: cluster(), bus, logger: testLogger, tuning }, options);
    expect(await source.status()).toEqual({ partitions: 0, held: 0, lag: 0 });
    await create(topic, 1);
    await send(topic, ['one']);
    await vi.waitFor(async () => expect(await alertsOf(bus)).toEqual(['one']), patience);
    await admin.createPartitions({ topicPartitions: [{ topic, count: 2 }] });
    await vi.waitFor(async () => expect(await source.status()).toMatchObject({ partitions: 2, held: 2 }), patience);
    await send(topic, ['two'], 1);
    await vi.waitFor(async () => expect(await alertsOf(bus)).toContain('two'), patience);
    await source.stop();
  }));

test('a start at the end skips what is there, and a restart does not skip what came meanwhile', () =>
  withEmbeddedBus(async (bus) => {
    const topic = await createTopic(1);
    await send(topic, ['old']);
    const open = (run: (assignment: SourceAssignment) => Promise<void>) =>
      openTopicOfCluster(
        { cluster: cluster(), bus, logger: testLogger, tuning },
        { topic, group: topic, startAt: 'latest', run },
      );
    const started = Promise.withResolvers<void>();
    const idle = open(async ({ signal }) => {
      started.resolve();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    });
    await started.promise;
    await idle.stop();
    await send(topic, ['meanwhile']);
    const source = open(copyLoop());
    await vi.waitFor(async () => expect(await alertsOf(bus)).toEqual(['meanwhile']), patience);
    await source.stop();
  }));

test('without any cluster the error says what to set', () =>
  withEmbeddedBus(async (bus) => {
    const options = { topic: 't', group: 'g', startAt: 'earliest', run: copyLoop() } as const;
    expect(() => openSourceTopic({ bus, cluster: null, logger: testLogger }, options)).toThrow(
      expect.objectContaining({ code: 'BUS_NO_CLUSTER' }),
    );
  }));
