/** The loop of one lane of history: read, insert, commit. */
import type { OutgoingRecord, PartitionAssignment } from '@faultline/bus';
import { consumerGroups } from '@faultline/model';
import { letterRecord, rejectedLetter, unreadableLetter } from '../cut/dead-letter.ts';
import { insertAtLast } from '../lane/insert.ts';
import type { LoopParts } from '../lane/parts.ts';
import { tracedWork } from '../lane/trace.ts';
import { type HistoryRecord, historyBatches, type UnreadableRecord } from './rows.ts';

export { historyTopics } from './rows.ts';

const poll = { maxRecords: 500, maxBytes: 8_388_608, waitMs: 1_000 };

/** Runs until the lane's signal is aborted. Throws when the log fails. */
export async function runHistoryLane(parts: LoopParts, lane: PartitionAssignment): Promise<void> {
  while (!lane.signal.aborted) {
    // The lane's topics are the history topics.
    const records = (await lane.poll(poll)) as readonly HistoryRecord[];
    if (records.length === 0) continue;
    const batch = { records, group: consumerGroups.recorderHistory, partition: lane.partition };
    if (!(await tracedWork(parts, batch, () => recordHistory(parts, lane, records)))) return;
  }
}

/** False when the lane was given up before the store took the rows. */
async function recordHistory(
  parts: LoopParts,
  lane: PartitionAssignment,
  records: readonly HistoryRecord[],
): Promise<boolean> {
  const { batches, unreadable } = historyBatches(records);
  const rejected = await insertAtLast(parts, batches, lane.signal);
  if (rejected === null) return false;
  const next = new Map(records.map(({ topic, offset }) => [topic, offset + 1n]));
  await lane.commit({
    records: [
      ...unreadable.flatMap((entry) => deadLetters(parts, entry)),
      ...rejected.map((row) => letterRecord(rejectedLetter(row, parts.clock()))),
    ],
    positions: [...next].map(([topic, offset]) => ({ topic, partition: lane.partition, offset })),
  });
  return true;
}

/** Alerts and changes are counted and kept by the correlator, which reads them too; the others only come by here. */
function deadLetters({ logger }: LoopParts, { record, reason }: UnreadableRecord): OutgoingRecord[] {
  const { topic, partition, offset } = record;
  logger.warn('a record of history cannot be read', { topic, partition, offset: String(offset), reason });
  if (topic === 'alerts' || topic === 'changes') return [];
  return [letterRecord(unreadableLetter(record, partition, reason))];
}
