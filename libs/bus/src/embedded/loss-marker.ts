import type { PackedRow } from './packed.ts';

/** The record header that says that the records before this one are lost. Its value is the name of the damaged file. */
export const lossHeader = 'lost-segment';

/**
 * Records without a value that follow a damaged segment, one per partition. They carry consumers past the lost range, which would
 * otherwise seem unread for ever, and appear in the loss ledger and the dead letters.
 */
export function lossMarkers(topicIndex: number, partitions: number, file: string): PackedRow[] {
  const headers = JSON.stringify({ source: 'faultline', items: '1', [lossHeader]: file });
  return Array.from({ length: partitions }, (_, partition) => ({
    topic: topicIndex,
    partition,
    key: '',
    headers,
    value: null,
  }));
}
