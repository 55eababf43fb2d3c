import { randomUUID } from 'node:crypto';
import { topics } from '@faultline/model';
import { createLogger, type Started, silentLogger } from '@faultline/runtime';
import { inject } from 'vitest';
import type { BusUnderTest } from '../../../contract/index.ts';
import { Client } from '../client.ts';
import { type KafkaConfig, kafkaConfig } from '../config.ts';
import { createKafkaBus, type KafkaBus, type KafkaBusOptions } from '../index.ts';
import { Names } from '../names.ts';
import { clientSettings } from '../settings.ts';

/**
 * The brokers to test with: those that an environment variable names, or those that the distributed tests have started.
 */
export const testBrokers = (): string[] => (process.env['FAULTLINE_TEST_KAFKA'] ?? inject('kafka')).split(',');

/** A configuration with a prefix that no other test uses. */
export function testConfig(changes: Partial<KafkaConfig> = {}): KafkaConfig {
  const quick = { sessionTimeoutMs: 6_000, heartbeatMs: 100, handoverMs: 5_000 };
  const alone = { replicationFactor: 1, minInSyncReplicas: 1 };
  const defaults = kafkaConfig.parse({ brokers: testBrokers() });
  return { ...defaults, ...quick, ...alone, topicPrefix: `t${randomUUID().slice(0, 8)}.`, ...changes };
}

/** Silent, unless FAULTLINE_TEST_LOG asks for all lines to find out why a test fails. */
export const testLogger =
  process.env['FAULTLINE_TEST_LOG'] === undefined ? silentLogger : createLogger({ level: 'debug', format: 'human' });

/** Options with few partitions and a short backoff. */
export function testOptions(changes: Partial<KafkaConfig> = {}): KafkaBusOptions {
  return {
    config: testConfig(changes),
    partitions: { scope: 2, telemetry: 2 },
    maxRecordBytes: 200_000,
    retentionMs: {},
    telemetryMaxBytes: 2 ** 33,
    logger: testLogger,
    tuning: { backoff: { baseMs: 1, maxMs: 5 } },
  };
}

/** A bus over topics of its own, which are removed at the end. */
export async function kafkaUnderTest(options: KafkaBusOptions = testOptions()): Promise<BusUnderTest> {
  let started: Started<KafkaBus> = await createKafkaBus(options).start();
  return {
    bus: started.value,
    restart: async () => {
      await started.stop();
      started = await createKafkaBus(options).start();
      return started.value;
    },
    maintainAfter: () => Promise.reject(new Error('the time of a broker cannot be moved')),
    close: async () => {
      await started.stop();
      await removeTopics(options);
    },
  };
}

/** Removes the topics of a bus. */
export async function removeTopics({ config, logger }: KafkaBusOptions): Promise<void> {
  const names = new Names(config.topicPrefix);
  const client = new Client(clientSettings(config, logger), []);
  const wanted = topics.map(({ name }) => names.topic(name));
  await client.retryController('DeleteTopics', { topics: wanted, timeout: 10_000 }, { raw: true });
  client.close();
}
