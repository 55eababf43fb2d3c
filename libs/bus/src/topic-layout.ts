import { type TopicName, type TopicSpec, topicSpec, topics } from '@faultline/model';

/** Numbers of partitions: of topics keyed by scope, and of telemetry topics. */
export interface PartitionCounts {
  readonly scope: number;
  readonly telemetry: number;
}

/** The number of partitions of a topic. */
export function partitionCountOf(topic: TopicName, counts: PartitionCounts): number {
  const { partitions } = topicSpec(topic);
  return partitions === 'one' ? 1 : counts[partitions];
}

export const mainTopics: readonly TopicSpec[] = topics.filter((topic) => !topic.telemetry);
export const telemetryTopics: readonly TopicSpec[] = topics.filter((topic) => topic.telemetry);

const telemetryNames = new Set<TopicName>(telemetryTopics.map((topic) => topic.name));

/** Whether a topic carries telemetry. Telemetry topics are large and have a size limit. */
export const isTelemetry = (topic: TopicName): boolean => telemetryNames.has(topic);
