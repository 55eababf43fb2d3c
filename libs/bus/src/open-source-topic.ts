import type { Logger } from '@faultline/runtime';
import { busError } from './bus-error.ts';
import type { KafkaClusterConfig } from './kafka/config.ts';
import { openTopicOfCluster } from './kafka/source/index.ts';
import type { Bus } from './port.ts';
import type { SourceSubscription, SourceTopicOptions } from './source-topic.ts';

export interface SourceClusterOptions {
  readonly bus: Pick<Bus, 'publish' | 'openSourceTopic'>;
  /** Null: the cluster of Faultline's log. */
  readonly cluster: KafkaClusterConfig | null;
  readonly logger: Logger;
}

/**
 * Reads a topic that others fill. Throws BUS_NO_CLUSTER when neither the topic nor the log is in Kafka, and BUS_CREDENTIALS
 * when a key file cannot be read.
 */
export function openSourceTopic(options: SourceClusterOptions, source: SourceTopicOptions): SourceSubscription {
  const { bus, cluster, logger } = options;
  if (cluster !== null) return openTopicOfCluster({ cluster, bus, logger }, source);
  if (bus.openSourceTopic === undefined) throw busError('BUS_NO_CLUSTER', `topic ${source.topic}`);
  return bus.openSourceTopic(source);
}
