import { type TopicName, topics } from '@faultline/model';

/** A record whose partition is decided, on its way to a file. */
export interface RoutedRecord {
  readonly topic: TopicName;
  readonly partition: number;
  readonly key: string;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>> | undefined;
}

/**
 * Records in columns, their values one after another in a buffer of their own: cheap to hand to another thread, and independent of
 * the pooled buffers that callers' values may lie in.
 */
export interface PackedBatch {
  /** Index into the model's topic table. */
  readonly topics: number[];
  readonly partitions: number[];
  readonly keys: string[];
  /** JSON object, or null for no headers. */
  readonly headers: (string | null)[];
  /** Bytes of each value; -1 for null. */
  readonly lengths: number[];
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const topicIndex = new Map<TopicName, number>(topics.map((topic, index) => [topic.name, index]));

/** The number of a topic in packed batches. */
export function indexOfTopic(topic: TopicName): number {
  const index = topicIndex.get(topic);
  if (index === undefined) throw new Error(`no topic named ${topic}`);
  return index;
}

/** Packs records, in order; copies their values. */
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

/** Headers as they were packed. */
export function unpackHeaders(text: string | null): Readonly<Record<string, string>> {
  return text === null ? noHeaders : (JSON.parse(text) as Record<string, string>);
}

/** One packed record, as it goes into a row. */
export interface PackedRow {
  readonly topic: number;
  readonly partition: number;
  readonly key: string;
  readonly headers: string | null;
  readonly value: Uint8Array | null;
}

/** The rows of a batch, in order. Values are views into the batch. */
export function* rowsOf(batch: PackedBatch): Generator<PackedRow> {
  let at = 0;
  for (let index = 0; index < batch.topics.length; index += 1) {
    const length = batch.lengths[index] ?? -1;
    const value = length < 0 ? null : batch.bytes.subarray(at, at + length);
    at += Math.max(length, 0);
    yield {
      topic: batch.topics[index] ?? 0,
      partition: batch.partitions[index] ?? 0,
      key: batch.keys[index] ?? '',
      headers: batch.headers[index] ?? null,
      value,
    };
  }
}

/** Bytes a record counts for in limits: key, value and headers. Keys and headers are counted in UTF-16 units, near enough. */
export function recordBytes(record: Pick<RoutedRecord, 'key' | 'value' | 'headers'>): number {
  let bytes = record.key.length + (record.value?.length ?? 0);
  for (const name in record.headers) bytes += name.length + (record.headers[name]?.length ?? 0);
  return bytes;
}
