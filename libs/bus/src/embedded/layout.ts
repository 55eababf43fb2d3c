import { type TopicName, type TopicSpec, topicSpec, topics } from '@faultline/model';
import type { EngineTopic, PartitionCounts } from './protocol.ts';

/** How many partitions a topic has. */
export function partitionCountOf(topic: TopicName, counts: PartitionCounts): number {
  const { partitions } = topicSpec(topic);
  return partitions === 'one' ? 1 : counts[partitions];
}

export const mainTopics: readonly TopicSpec[] = topics.filter((topic) => !topic.telemetry);
export const telemetryTopics: readonly TopicSpec[] = topics.filter((topic) => topic.telemetry);

const telemetryNames = new Set<TopicName>(telemetryTopics.map((topic) => topic.name));

/** Whether a topic has files of its own. */
export const isTelemetry = (topic: TopicName): boolean => telemetryNames.has(topic);

/** What the threads that write need to know of the topics, in the order of the model's table. */
export function engineTopics(counts: PartitionCounts): EngineTopic[] {
  return topics.map(({ name, compacted, telemetry }) => ({
    name,
    compacted,
    telemetry,
    partitions: partitionCountOf(name, counts),
  }));
}
