/** Starts the readers of all topics in the configuration. */
import type { openSourceTopic, SourceClusterOptions, SourceSubscription } from '@faultline/bus';
import { AppError, type Health, type Logger } from '@faultline/runtime';
import type { IngestConfig } from '../config.ts';
import { groupOf, type KafkaTopicConfig } from '../kafka-config.ts';
import type { Receiver } from '../receiver.ts';
import { readPartition } from './loop.ts';
import { createKafkaMetrics, type KafkaMetrics } from './metrics.ts';
import { messageReaderOf } from './reader.ts';
import { watchTopic } from './watch.ts';

export interface KafkaOptions {
  readonly config: IngestConfig;
  readonly bus: SourceClusterOptions['bus'];
  readonly receiver: Pick<Receiver, 'receiveBody'>;
  readonly health: Health;
  readonly logger: Logger;
  readonly uniqueId: () => string;
  readonly openTopic: typeof openSourceTopic;
  /** How often the lag is asked for, ms. Default: 10 s. */
  readonly watchEveryMs?: number;
}

export interface KafkaReaders {
  /** Resolves when every loop has returned. */
  stop(): Promise<void>;
}

/** Throws BUS_NO_CLUSTER and BUS_CREDENTIALS. A cluster that does not respond stops nothing: it is tried again. */
export function startKafka(options: KafkaOptions): KafkaReaders {
  const metrics = createKafkaMetrics();
  const stopping = new AbortController();
  const subscriptions: SourceSubscription[] = [];
  const watching: Promise<void>[] = [];
  for (const topic of options.config.kafka) {
    const subscription = open(topic, options, metrics);
    subscriptions.push(subscription);
    watching.push(watch(topic, subscription, { ...options, metrics, signal: stopping.signal }));
  }
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all([...subscriptions.map((one) => one.stop()), ...watching]);
    },
  };
}

function open(entry: KafkaTopicConfig, options: KafkaOptions, metrics: KafkaMetrics): SourceSubscription {
  const { bus, logger, receiver, uniqueId, config, openTopic } = options;
  const { name, topic, tenant, startAt, cluster } = entry;
  const reader = messageReaderOf(entry, config);
  if (reader === null)
    throw new AppError('INGEST_INVALID', `ingest.kafka: ${name}: there is no source ${entry.source}`, {
      kind: 'permanent',
    });
  const onMessages = (count: number) => metrics.read(name, count);
  return openTopic(
    { bus, logger, cluster },
    {
      topic,
      startAt,
      group: groupOf(entry),
      run: (assignment) =>
        readPartition(assignment, {
          receiver,
          reader,
          name,
          tenant,
          onMessages,
          writer: `kafka-${name}-${uniqueId()}`,
        }),
    },
  );
}

interface Watched extends KafkaOptions {
  readonly metrics: KafkaMetrics;
  readonly signal: AbortSignal;
}

function watch(
  { name, topic }: KafkaTopicConfig,
  subscription: SourceSubscription,
  { health, metrics, signal, watchEveryMs: everyMs = 10_000 }: Watched,
): Promise<void> {
  const onLag = (records: number) => metrics.lag(name, records);
  return watchTopic({ name, topic, subscription, health, onLag, everyMs, signal });
}
