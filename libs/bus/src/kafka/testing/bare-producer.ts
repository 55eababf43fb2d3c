import { topics } from '@faultline/model';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { partitionOfKey } from '../../murmur2.ts';
import type { OutgoingRecord } from '../../port.ts';
import { Names } from '../names.ts';

/** Plain kafkajs, for comparison in benchmarks. */
export interface BareProducer {
  publish(records: readonly OutgoingRecord[]): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A kafkajs producer that waits for all replicas. The topics must exist. It is not idempotent, because overlapping
 * calls would then fail with OUT_OF_ORDER_SEQUENCE_NUMBER.
 */
export async function startBareProducer(brokers: string[], topicPrefix: string): Promise<BareProducer> {
  const names = new Names(topicPrefix);
  const kafka = new Kafka({ brokers, clientId: 'bare', logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const counts = new Map<string, number>();
  const admin = kafka.admin();
  await admin.connect();
  const wanted = topics.map(({ name }) => names.topic(name));
  for (const { name, partitions } of (await admin.fetchTopicMetadata({ topics: wanted })).topics)
    counts.set(name, partitions.length);
  await admin.disconnect();
  const publish = async (records: readonly OutgoingRecord[]) => {
    const topicMessages = Map.groupBy(records, ({ topic }) => names.topic(topic));
    await producer.sendBatch({
      topicMessages: [...topicMessages].map(([topic, own]) => ({
        topic,
        messages: own.map(({ key, value }) => ({
          key,
          value: value === null ? null : Buffer.from(value),
          partition: partitionOfKey(key, counts.get(topic) ?? 1),
        })),
      })),
    });
  };
  return { publish, stop: () => producer.disconnect() };
}
