import { type TopicName, topics } from '@faultline/model';
import type { RoutedRecord } from '../routing.ts';
import type { PackedBatch } from './packed.ts';

const topicIndex = new Map<TopicName, number>(topics.map((topic, index) => [topic.name, index]));

/** The number of a topic in packed batches. */
export function indexOfTopic(topic: TopicName): number {
  const index = topicIndex.get(topic);
  if (index === undefined) throw new Error(`no topic named ${topic}`);
  return index;
}

/** Packs records in order. Copies their values. */
export function packBatch(records: readonly RoutedRecord[]): PackedBatch {
  const total = records.reduce((sum, record) => sum + (record.value?.length ?? 0), 0);
  const batch: PackedBatch = {
    topics: [],
    partitions: [],
    keys: [],
    headers: [],
    lengths: [],
    bytes: new Uint8Array(total),
  };
  let at = 0;
  for (const record of records) {
    batch.topics.push(indexOfTopic(record.topic));
    batch.partitions.push(record.partition);
    batch.keys.push(record.key);
    batch.headers.push(packHeaders(record.headers));
    batch.lengths.push(record.value?.length ?? -1);
    if (record.value === null) continue;
    batch.bytes.set(record.value, at);
    at += record.value.length;
  }
  return batch;
}

function packHeaders(headers: RoutedRecord['headers']): string | null {
  if (headers === undefined) return null;
  const text = JSON.stringify(headers);
  return text === '{}' ? null : text;
}

const noHeaders: Readonly<Record<string, string>> = Object.freeze({});

/** Reads packed headers. */
export function unpackHeaders(text: string | null): Readonly<Record<string, string>> {
  return text === null ? noHeaders : (JSON.parse(text) as Record<string, string>);
}
