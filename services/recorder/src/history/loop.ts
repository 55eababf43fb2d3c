/** The loop of one partition of history: read, insert, commit. */
import type { OutgoingRecord, PartitionAssignment } from '@faultline/bus';
import { consumerGroups } from '@faultline/model';
import { deadLetterRecord, rejectedDeadLetter, unreadableDeadLetter } from '../checkpoint/dead-letter.ts';
import { insertWithRetries } from '../partition/insert.ts';
import type { LoopParts } from '../partition/parts.ts';
import { tracedWork } from '../partition/trace.ts';
import { type HistoryRecord, historyBatches, type UnreadableRecord } from './rows.ts';

export { historyTopics } from './rows.ts';

const poll = { maxRecords: 500, maxBytes: 8_388_608, waitMs: 1_000 };

/** Runs until the partition's signal is aborted. Throws when the log fails. */
export async function runHistoryPartition(parts: LoopParts, assignment: PartitionAssignment): Promise<void> {
  while (!assignment.signal.aborted) {
    // The partition's topics are the history topics.
    const records = (await assignment.poll(poll)) as readonly HistoryRecord[];
    if (records.length === 0) continue;
    const batch = { records, group: consumerGroups.recorderHistory, partition: assignment.partition };
    if (!(await tracedWork(parts, batch, () => recordHistory(parts, assignment, records)))) return;
  }
}

/** False when the partition was given up before the store took the rows. */
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

/** Alerts and changes are counted and kept by the correlator, which reads them too; the others only come by here. */
function deadLetters({ logger }: LoopParts, { record, reason }: UnreadableRecord): OutgoingRecord[] {
  const { topic, partition, offset } = record;
  logger.warn('a record of history cannot be read', { topic, partition, offset: String(offset), reason });
  if (topic === 'alerts' || topic === 'changes') return [];
  return [deadLetterRecord(unreadableDeadLetter(record, partition, reason))];
}
