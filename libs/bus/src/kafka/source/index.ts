/** Reads topics that others fill. See `source-topic.ts` and docs/adr/0045-kafka-source.md. */
import type { Logger } from '@faultline/runtime';
import type { Bus } from '../../port.ts';
import type { SourceSubscription, SourceTopicOptions } from '../../source-topic.ts';
import { Client } from '../client.ts';
import type { KafkaClusterConfig } from '../config.ts';
import { clientSettings } from '../settings.ts';
import { separateCommits } from './commit.ts';
import { SourceTopic, type SourceTopicParts } from './topic.ts';

export { atomicCommits } from './commit.ts';
export { SourceTopic, type SourceTopicParts } from './topic.ts';

/** How sources behave in every cluster. */
export const sourceTuning: Pick<SourceTopicParts, 'backoff' | 'rebalanceTimeoutMs' | 'lookEveryMs'> = {
  backoff: { baseMs: 1_000, maxMs: 30_000 },
  rebalanceTimeoutMs: 30_000,
  lookEveryMs: { missing: 5_000, known: 60_000 },
};

export interface OtherClusterOptions {
  readonly cluster: KafkaClusterConfig;
  /** Where the records go. */
  readonly bus: Pick<Bus, 'publish'>;
  readonly logger: Logger;
  readonly tuning?: Partial<typeof sourceTuning>;
}

/** Reads a topic of a cluster that does not hold Faultline's log. Throws BUS_CREDENTIALS when a key file cannot be read. */
export function openTopicOfCluster(options: OtherClusterOptions, source: SourceTopicOptions): SourceSubscription {
  const { cluster, bus, logger, tuning } = options;
  const settings = clientSettings(cluster, logger);
  const { sessionTimeoutMs, heartbeatMs, handoverMs } = cluster;
  const newClient = () => new Client(settings, [source.topic]);
  const membership = { sessionTimeoutMs, heartbeatMs, handoverMs };
  const parts = { ...sourceTuning, ...tuning, ...membership, newClient, committerOf: separateCommits(bus), logger };
  return new SourceTopic(parts, source);
}
