/** Selects the committed records from fetched batches. Pure. */
import type { BatchRecord, RecordBatch } from './record-batch.ts';

/** An aborted transaction, with the offset of its first record in this partition. */
export interface Aborted {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

export interface CommittedRecords {
  readonly records: BatchRecord[];
  /** The next offset to fetch: after everything in the batches, including control records and aborted data. */
  readonly position: number;
}

/**
 * Returns the committed records from `from` on. Control records and aborted data are skipped, but the position moves
 * past them.
 */
export function committedRecords(
  batches: readonly RecordBatch[],
  aborted: readonly Aborted[],
  from: number,
): CommittedRecords {
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
