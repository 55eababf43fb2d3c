import { type TopicName, type TopicSpec, topicSpec, topics } from '@faultline/model';
import type { PartitionCounts } from './protocol.ts';

/** The file of all topics but telemetry, and of all committed positions. */
export const mainFileName = 'log.sqlite';
/** Held by the process that uses the folder. */
export const lockFileName = 'lock.sqlite';

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

/** The folder of a telemetry topic's files. */
export const segmentFolder = (topic: TopicName): string => `telemetry/${topic}`;

/** The file of a segment; names sort by age. */
export const segmentName = (topic: TopicName, sequence: number): string =>
  `${segmentFolder(topic)}/${String(sequence).padStart(10, '0')}.sqlite`;

/** The sequence of a file in a segment folder; undefined for other files. */
export function parseSegmentSequence(file: string): number | undefined {
  const match = /^(\d{10})\.sqlite$/.exec(file);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}
