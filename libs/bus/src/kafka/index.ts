import { randomUUID } from 'node:crypto';
import type { TopicName } from '@faultline/model';
import { topics } from '@faultline/model';
import type { Component, Logger, Started } from '@faultline/runtime';
import type { PartitionCounts } from '../topic-layout.ts';
import { KafkaBus } from './bus.ts';
import { Client } from './client.ts';
import type { KafkaConfig } from './config.ts';
import { DataEnds } from './ends.ts';
import { Names } from './names.ts';
import { Publisher } from './publisher.ts';
import { clientSettings } from './settings.ts';
import { atomicCommits, SourceTopic, type SourceTopicParts, sourceTuning } from './source/index.ts';
import { Subscriptions, type SubscriptionsOptions } from './subscriptions.ts';
import { maxBatchBytes } from './topic-settings.ts';
import { ensureTopics } from './topics.ts';

export type { KafkaBus } from './bus.ts';
export { type KafkaConfig, kafkaConfig } from './config.ts';

export interface KafkaBusOptions {
  readonly config: KafkaConfig;
  readonly partitions: PartitionCounts;
  readonly maxRecordBytes: number;
  readonly retentionMs: Partial<Readonly<Record<TopicName, number>>>;
  readonly telemetryMaxBytes: number;
  readonly logger: Logger;
  readonly tuning?: Partial<KafkaTuning>;
}

/** Settings that only tests change. */
export interface KafkaTuning
  extends Pick<SubscriptionsOptions, 'backoff' | 'maxPermanentFailures' | 'rebalanceTimeoutMs'>,
    Pick<SourceTopicParts, 'lookEveryMs'> {
  /** Size limit of one transaction of `publish`. */
  readonly maxTransactionBytes: number;
  /** Memory limit for records that wait to be written, per partition and per kind of transaction. */
  readonly maxWaitingBytes: number;
}

const mib = 1024 * 1024;

const defaultTuning: KafkaTuning = {
  ...sourceTuning,
  maxPermanentFailures: 5,
  maxTransactionBytes: 8 * mib,
  maxWaitingBytes: 32 * mib,
};

/**
 * Creates the log in Apache Kafka. `start` creates missing topics. It rejects with BUS_UNAVAILABLE, BUS_DENIED,
 * BUS_CREDENTIALS, BUS_TOPICS_REFUSED or BUS_PARTITIONS_CHANGED.
 */
export function createKafkaBus(options: KafkaBusOptions): Component<KafkaBus> {
  return { start: () => startKafkaBus(options) };
}

async function startKafkaBus(options: KafkaBusOptions): Promise<Started<KafkaBus>> {
  const { config, partitions, maxRecordBytes, retentionMs, telemetryMaxBytes, logger } = options;
  const tuning = { ...defaultTuning, ...options.tuning };
  const names = new Names(config.topicPrefix);
  const settings = clientSettings(config, logger);
  const topicNames = topics.map(({ name }) => names.topic(name));
  const newClient = () => new Client(settings, topicNames);
  const client = newClient();
  const { replicationFactor, minInSyncReplicas, topicSettings: overrides } = config;
  const rules = { replicationFactor, minInSyncReplicas, maxRecordBytes, retentionMs, telemetryMaxBytes, overrides };
  try {
    await ensureTopics({ client, names, partitions, rules, logger });
  } catch (error) {
    client.close();
    throw error;
  }
  const transactions = {
    timeoutMs: config.transactionTimeoutMs,
    codec: config.compression,
    maxBatchBytes: maxBatchBytes(maxRecordBytes),
    nameOf: (topic: TopicName) => names.topic(topic),
  };
  const ends = new DataEnds();
  // Unique per process, because a second process with the same id would fence the first.
  const idPrefix = names.group(`publish-${randomUUID()}`);
  const shared = { newClient, names, ends, logger };
  const bus = new KafkaBus({
    ...shared,
    client,
    partitions,
    maxRecordBytes,
    publisher: new Publisher({ ...transactions, ...tuning, newClient, idPrefix }),
    subscriptions: ({ route }) => new Subscriptions({ ...shared, ...tuning, ...config, transactions, route }),
    openSourceTopic: (source, route) => {
      const committerOf = atomicCommits({ transactions, idPrefix: names.group('source-'), route });
      const ofSource = () => new Client(settings, [source.topic, ...topicNames]);
      const parts = { ...tuning, ...config, committerOf, newClient: ofSource, logger };
      return new SourceTopic(parts, source);
    },
  });
  return { value: bus, stop: () => bus.close() };
}
