import { topics } from '@faultline/model';
import { type PartitionCounts, partitionCountOf } from '../topic-layout.ts';
import type { EngineTopic } from './protocol.ts';

/** The topics as the writing threads know them, in the order of the model's table. */
export function engineTopics(counts: PartitionCounts): EngineTopic[] {
  return topics.map(({ name, compacted, telemetry }) => ({
    name,
    compacted,
    telemetry,
    partitions: partitionCountOf(name, counts),
  }));
}
