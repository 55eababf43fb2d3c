/** What a reader of committed data sees of the batches that a fetch gave. Pure. */
import type { BatchRecord, RecordBatch } from './record-batch.ts';

/** A transaction that was aborted, with the offset of its first record in this partition. */
export interface Aborted {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

export interface Seen {
  readonly records: BatchRecord[];
  /** The next offset to fetch: after everything in the batches, control records and aborted data among it. */
  readonly position: number;
}

/**
 * The records from `from` on that were committed. Offsets taken by control records and aborted data are passed over: the position says
 * how far the batches reach, whatever of them is to be seen.
 */
export function seenOf(batches: readonly RecordBatch[], aborted: readonly Aborted[], from: number): Seen {
  const ahead = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  const open = new Set<bigint>();
  const records: BatchRecord[] = [];
  let position = from;
  for (const batch of batches) {
    while (ahead[0] !== undefined && ahead[0].firstOffset <= batch.lastOffset)
      open.add(ahead.shift()?.producerId ?? -1n);
    if (batch.control === 'abort') open.delete(batch.producerId);
    else if (batch.control === undefined && !(batch.isTransactional && open.has(batch.producerId)))
      for (const record of batch.records()) if (record.offset >= from) records.push(record);
    position = Math.max(position, batch.lastOffset + 1);
  }
  return { records, position };
}
