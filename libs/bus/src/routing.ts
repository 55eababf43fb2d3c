/** Routing and limits, shared by all adapters so that one log can replace another. */
import type { TopicName } from '@faultline/model';
import { busError } from './bus-error.ts';
import { partitionOfKey } from './murmur2.ts';
import type { OutgoingRecord, SubscribeOptions } from './port.ts';
import { type PartitionCounts, partitionCountOf } from './topic-layout.ts';

/** A record whose partition is decided. */
export interface RoutedRecord {
  readonly topic: TopicName;
  readonly partition: number;
  readonly key: string;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>> | undefined;
}

export interface RoutingOptions {
  readonly partitions: PartitionCounts;
  readonly maxRecordBytes: number;
}

/**
 * Decides the partition of each record. Throws BUS_RECORD_TOO_LARGE, and RangeError for a partition that the topic does
 * not have.
 */
export function routeRecords(records: readonly OutgoingRecord[], options: RoutingOptions): RoutedRecord[] {
  return records.map(({ topic, key, value, headers, partition }) => {
    const count = partitionCountOf(topic, options.partitions);
    const routed = { topic, partition: partition ?? partitionOfKey(key, count), key, value, headers };
    requireFit(routed, count, options.maxRecordBytes);
    return routed;
  });
}

function requireFit(record: RoutedRecord, partitionCount: number, maxRecordBytes: number): void {
  const { topic, partition } = record;
  const bytes = recordBytes(record);
  if (bytes > maxRecordBytes)
    throw busError(
      'BUS_RECORD_TOO_LARGE',
      `a record for topic ${topic} has ${bytes} bytes; the limit is ${maxRecordBytes}`,
    );
  if (!Number.isInteger(partition) || partition < 0 || partition >= partitionCount)
    throw new RangeError(`topic ${topic} has ${partitionCount} partitions, so there is no partition ${partition}`);
}

/**
 * The size of a record for all limits: key, value and headers. Keys and headers are counted in UTF-16 units, which is
 * close enough.
 */
export function recordBytes(record: Pick<RoutedRecord, 'key' | 'value' | 'headers'>): number {
  let bytes = record.key.length + (record.value?.length ?? 0);
  for (const name in record.headers) bytes += name.length + (record.headers[name]?.length ?? 0);
  return bytes;
}

/**
 * The number of partitions that all topics of a subscription have. Throws BUS_BAD_SUBSCRIPTION when they differ or no
 * topic is named.
 */
export function commonPartitionCount({ group, topics }: SubscribeOptions, partitions: PartitionCounts): number {
  const [count, ...others] = new Set(topics.map((topic) => partitionCountOf(topic, partitions)));
  if (count === undefined || others.length > 0)
    throw busError('BUS_BAD_SUBSCRIPTION', `topics ${topics.join(', ')} of group ${group}`);
  return count;
}
