/** The loop of one history partition: poll, insert, commit. */
import type { OutgoingRecord, PartitionAssignment } from '@faultline/bus';
import { consumerGroups } from '@faultline/model';
import { deadLetterRecord, rejectedDeadLetter, unreadableDeadLetter } from '../checkpoint/dead-letter.ts';
import { insertWithRetries } from '../partition/insert.ts';
import type { LoopParts } from '../partition/parts.ts';
import { tracedWork } from '../partition/trace.ts';
import { type HistoryRecord, historyBatches, type UnreadableRecord } from './rows.ts';

export { historyTopics } from './rows.ts';

const poll = { maxRecords: 500, maxBytes: 8_388_608, waitMs: 5_000 };

/** Runs until the assignment's signal is aborted. Throws when the log fails. */
export async function runHistoryPartition(parts: LoopParts, assignment: PartitionAssignment): Promise<void> {
  while (!assignment.signal.aborted) {
    // The subscription covers exactly the history topics.
    const records = (await assignment.poll(poll)) as readonly HistoryRecord[];
    if (records.length === 0) continue;
    const batch = { records, group: consumerGroups.recorderHistory, partition: assignment.partition };
    if (!(await tracedWork(parts, batch, () => recordHistory(parts, assignment, records)))) return;
  }
}

/** False when the partition was revoked before the store accepted the rows. */
async function recordHistory(
  parts: LoopParts,
  assignment: PartitionAssignment,
  records: readonly HistoryRecord[],
): Promise<boolean> {
  const { batches, unreadable } = historyBatches(records);
  const rejected = await insertWithRetries(parts, batches, assignment.signal);
  if (rejected === null) return false;
  const next = new Map(records.map(({ topic, offset }) => [topic, offset + 1n]));
  await assignment.commit({
    records: [
      ...unreadable.flatMap((entry) => deadLetters(parts, entry)),
      ...rejected.map((row) => deadLetterRecord(rejectedDeadLetter(row, parts.clock()))),
    ],
    positions: [...next].map(([topic, offset]) => ({ topic, partition: assignment.partition, offset })),
  });
  return true;
}

/**
 * Unreadable alerts and changes are dead-lettered by the correlator, which reads them too. The other topics are read
 * only here.
 */
function deadLetters({ logger }: LoopParts, { record, reason }: UnreadableRecord): OutgoingRecord[] {
  const { topic, partition, offset } = record;
  logger.warn('a history record cannot be decoded', { topic, partition, offset: String(offset), reason });
  if (topic === 'alerts' || topic === 'changes') return [];
  return [deadLetterRecord(unreadableDeadLetter(record, partition, reason))];
}
