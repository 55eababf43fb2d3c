import type { TopicName } from '@faultline/model';

/** The file of all topics but telemetry, and of all committed positions. */
export const mainFileName = 'log.sqlite';
/** Held by the process that uses the folder. */
export const lockFileName = 'lock.sqlite';

/** The table of one partition of a topic, quoted for SQL. */
export const tableName = (topic: string, partition: number): string => `"${topic}/${partition}"`;

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
