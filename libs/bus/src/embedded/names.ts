import type { TopicName } from '@faultline/model';

/** Holds all topics but telemetry, and all committed positions. */
export const mainFileName = 'log.sqlite';
/** Locked by the process that uses the folder. */
export const lockFileName = 'lock.sqlite';

/** The table of one partition, quoted for SQL. */
export const tableName = (topic: string, partition: number): string => `"${topic}/${partition}"`;

/** The folder of a telemetry topic's segments. */
export const segmentFolder = (topic: TopicName): string => `telemetry/${topic}`;

/** The file of a segment. Names sort by age. */
export const segmentName = (topic: TopicName, sequence: number): string =>
  `${segmentFolder(topic)}/${String(sequence).padStart(10, '0')}.sqlite`;

const damagedSuffix = '.damaged';

/** The name under which a damaged segment is set aside. */
export const damagedName = (topic: TopicName, sequence: number): string =>
  `${segmentName(topic, sequence)}${damagedSuffix}`;

/** Whether a file in a segment folder was set aside as damaged. */
export const isDamagedName = (file: string): boolean => file.endsWith(damagedSuffix);

/** The sequence number of a segment file; undefined for other files. */
export function parseSegmentSequence(file: string): number | undefined {
  const match = /^(\d{10})\.sqlite$/.exec(file);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}
