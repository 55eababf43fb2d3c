/**
 * The loop of one telemetry partition. Its order makes a crash harmless: read, store the checkpoint, insert rows under
 * fixed tokens, then commit positions, ledger and progress together. See README.md and docs/adr/0002-exact-windows.md.
 */
import type { OutgoingRecord, PartitionAssignment } from '@faultline/bus';
import { codecs, consumerGroups, progressKey, requestsKey } from '@faultline/model';
import { applyCheckpoint } from '../checkpoint/apply.ts';
import { deadLetterRecord, rejectedDeadLetter } from '../checkpoint/dead-letter.ts';
import { ledgerKey } from '../checkpoint/ledger.ts';
import { recordHead, type TelemetryRecord } from '../checkpoint/record-head.ts';
import { type PartitionState, progressOf, telemetryTopics } from '../checkpoint/state.ts';
import type { Checkpoint } from '../progress.ts';
import { type CheckpointBatch, CheckpointReader, inOrder } from './checkpoint-reader.ts';
import { insertWithRetries } from './insert.ts';
import type { LoopParts, PendingCount } from './parts.ts';
import { recoverPartition } from './recover.ts';
import { tracedWork } from './trace.ts';

/**
 * Runs until the assignment's signal is aborted. Throws when the log fails. The next run continues from the stored
 * progress.
 */
export async function runPartition(
  parts: LoopParts,
  assignment: PartitionAssignment,
  pending: PendingCount,
): Promise<void> {
  const { state, checkpoint } = await recoverPartition(parts, assignment);
  let counted = 0;
  const count = () => {
    pending.items += state.join.pendingItems - counted;
    counted = state.join.pendingItems;
    parts.metrics.pending(pending.items);
  };
  pending.partitions += 1;
  try {
    count();
    if (
      checkpoint !== null &&
      !(await recordCheckpoint(parts, assignment, state, {
        checkpoint,
        records: await readCheckpoint(parts, state, checkpoint),
      }))
    )
      return;
    const reader = new CheckpointReader(parts, assignment, state);
    while (!assignment.signal.aborted) {
      count();
      const next = await reader.next(pending);
      if (next === null) continue;
      const batch = { records: next.records, group: consumerGroups.recorder, partition: assignment.partition };
      const isRecorded = await tracedWork(parts, batch, async () => {
        await writeProgress(assignment, state, next.checkpoint);
        return recordCheckpoint(parts, assignment, state, next);
      });
      if (!isRecorded) return;
    }
  } finally {
    pending.items -= counted;
    pending.partitions -= 1;
  }
}

/** False when the partition was revoked before the store accepted the rows. */
async function recordCheckpoint(
  parts: LoopParts,
  assignment: PartitionAssignment,
  state: PartitionState,
  { checkpoint, records }: CheckpointBatch,
): Promise<boolean> {
  const { clock, metrics, logger } = parts;
  const beganMs = clock();
  const { batches, deadLetters } = applyCheckpoint(state, checkpoint, records);
  const rejected = await insertWithRetries(parts, batches, assignment.signal);
  if (rejected === null) return false;
  const letters = [...deadLetters, ...rejected.map((row) => rejectedDeadLetter(row, checkpoint.takenAtMs))].map(
    deadLetterRecord,
  );
  for (const { code, reason } of [...deadLetters, ...rejected.map((row) => ({ code: 'RECORDER_REJECTED', ...row }))])
    logger.warn('stored a dead letter', { code, reason, partition: assignment.partition });
  await assignment.commit({
    records: [progressRecord(state, null), ...requestRecords(state), ...ledgerRecords(state), ...letters],
    positions: telemetryTopics.map((topic) => ({
      topic,
      partition: assignment.partition,
      offset: state.positions[topic],
    })),
  });
  metrics.deadLetters(letters.length);
  metrics.recorded({
    items: records.reduce((sum, record) => sum + recordHead(record).items, 0),
    durationMs: clock() - beganMs,
    lagMs: records.length === 0 ? null : clock() - Math.min(...records.map(({ timestampMs }) => timestampMs)),
  });
  return true;
}

async function writeProgress(
  assignment: PartitionAssignment,
  state: PartitionState,
  checkpoint: Checkpoint,
): Promise<void> {
  await assignment.commit({ records: [progressRecord(state, checkpoint)], positions: [] });
}

function progressRecord(state: PartitionState, checkpoint: Checkpoint | null): OutgoingRecord {
  const { partition } = state;
  const value = codecs.recorderProgress.encode(progressOf(state, checkpoint));
  return { topic: 'recorder-progress', key: progressKey(partition), partition, value };
}

function requestRecords({ partition, requests }: PartitionState): OutgoingRecord[] {
  return requests.takeChanged().map(({ slot, requests: entries }) => ({
    topic: 'recorder-progress',
    key: requestsKey(partition, slot),
    partition,
    value: codecs.recorderRequests.encode(entries),
  }));
}

function ledgerRecords({ ledger }: PartitionState): OutgoingRecord[] {
  return ledger.takeChanged().map((totals) => ({
    topic: 'ledger',
    key: ledgerKey(totals),
    value: codecs.ledgerTotals.encode(totals),
  }));
}

/** Reads the records of a stored checkpoint again. */
async function readCheckpoint(
  { bus }: LoopParts,
  state: PartitionState,
  checkpoint: Checkpoint,
): Promise<TelemetryRecord[]> {
  const records: TelemetryRecord[] = [];
  for (const { topic, offset } of checkpoint.ends) {
    const range = { topic, partition: state.partition, from: state.positions[topic], to: offset };
    for await (const record of bus.read(range)) records.push({ ...record, topic });
  }
  return inOrder(records);
}
