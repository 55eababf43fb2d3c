import { type TopicName, topics } from '@faultline/model';
import { type LogFields, silentLogger } from '@faultline/runtime';
import { expect, test } from 'vitest';
import { Client } from './client.ts';
import { createKafkaBus, type KafkaBusOptions } from './index.ts';
import { Names } from './names.ts';
import { clientSettings } from './settings.ts';
import { removeTopics, testOptions } from './testing/under-test.ts';
import { describeTopics, type Settings } from './topic-check.ts';

/** Settings of each topic as the broker has them. */
async function readBack({ config, logger }: KafkaBusOptions): Promise<ReadonlyMap<TopicName, Settings>> {
  const client = new Client(clientSettings(config, logger), []);
  const settings = await describeTopics(client, new Names(config.topicPrefix));
  client.close();
  return settings;
}

async function started(options: KafkaBusOptions, work: () => Promise<void>): Promise<void> {
  const { stop } = await createKafkaBus(options).start();
  try {
    await work();
  } finally {
    await stop();
    await removeTopics(options);
  }
}

test('topics are created as the table says, and the broker confirms it', () => {
  const options = { ...testOptions(), retentionMs: { journal: 3_600_000 }, telemetryMaxBytes: 2 ** 30 };
  return started(options, async () => {
    const settings = await readBack(options);
    for (const { name, compacted, retentionMs } of topics) {
      const own = settings.get(name);
      expect(own?.get('cleanup.policy')).toBe(compacted ? 'compact' : 'delete');
      expect(own?.get('min.insync.replicas')).toBe('1');
      expect(own?.get('message.timestamp.type')).toBe('LogAppendTime');
      expect(Number(own?.get('max.message.bytes'))).toBeGreaterThan(options.maxRecordBytes);
      if (!compacted && name !== 'journal') expect(own?.get('retention.ms')).toBe(String(retentionMs));
    }
    expect(settings.get('journal')?.get('retention.ms')).toBe('3600000');
    expect(settings.get('spans')?.get('retention.bytes')).toBe(String(2 ** 29));
    expect(settings.get('alerts')?.get('retention.bytes')).toBe('-1');
    expect(settings.get('state')?.get('min.cleanable.dirty.ratio')).toBe('0.1');
  });
});

test('several processes that start at once find or make the topics', async () => {
  const options = testOptions();
  const buses = await Promise.all([1, 2, 3].map(() => createKafkaBus(options).start()));
  await Promise.all(buses.map(({ value }) => value.ping()));
  await Promise.all(buses.map(({ stop }) => stop()));
  await removeTopics(options);
});

test('partition counts other than the topics were created with are refused, and the error names both', () => {
  const options = testOptions();
  return started(options, async () => {
    const other = createKafkaBus({ ...options, partitions: { scope: 3, telemetry: 2 } });
    await expect(other.start()).rejects.toMatchObject({
      code: 'BUS_PARTITIONS_CHANGED',
      kind: 'permanent',
      message: expect.stringMatching(/has 2 partitions; the configuration says 3/),
    });
  });
});

test('more copies than there are brokers are refused, saying what to check', async () => {
  const refused = createKafkaBus(testOptions({ replicationFactor: 7 })).start();
  await expect(refused).rejects.toMatchObject({
    code: 'BUS_TOPICS_REFUSED',
    message: expect.stringMatching(/replicationFactor/),
  });
});

test('a broker that is not there is told as such, in bounded time', async () => {
  const beganMs = performance.now();
  const options = testOptions({ brokers: ['127.0.0.1:1'], connectTimeoutMs: 500, retryBudgetMs: 1_000 });
  await expect(createKafkaBus(options).start()).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE', kind: 'transient' });
  expect(performance.now() - beganMs).toBeLessThan(5_000);
});

test('topics that were there take records of our size, or the start says what to set; what else differs is told', () => {
  const options = testOptions();
  return started(options, async () => {
    const larger = createKafkaBus({ ...options, maxRecordBytes: 8_000_000 });
    await expect(larger.start()).rejects.toMatchObject({
      code: 'BUS_TOPICS_REFUSED',
      message: expect.stringMatching(/max\.message\.bytes/),
    });
    const told: string[] = [];
    const logger = {
      ...silentLogger,
      warn: (_: string, fields?: LogFields) => void told.push(String(fields?.['topic'])),
    };
    const { stop } = await createKafkaBus({ ...options, logger, retentionMs: { alerts: 60_000 } }).start();
    await stop();
    expect(new Set(told)).toEqual(new Set([`${options.config.topicPrefix}alerts`]));
  });
});
