/**
 * Records as columns, with all values in one buffer. That is cheap to send to another thread. The buffer is our own,
 * since callers' values may be views into pooled buffers.
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

/** One record of a batch, as it goes into a row. */
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
