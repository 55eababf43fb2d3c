/**
 * The loop of one telemetry lane. Its order, which makes a crash harmless: read, write down the cut, insert by name, then in one commit the
 * positions, the ledger and the progress. See docs/adr/0002-exact-windows.md.
 */
import type { OutgoingRecord, PartitionAssignment } from '@faultline/bus';
import { codecs, consumerGroups, progressKey, type RecorderCut, requestsKey } from '@faultline/model';
import { applyCut } from '../cut/apply.ts';
import { letterRecord, rejectedLetter } from '../cut/dead-letter.ts';
import { ledgerKey } from '../cut/ledger.ts';
import { recordHead, type TelemetryRecord } from '../cut/record-head.ts';
import { type LaneState, progressOf, telemetryTopics } from '../cut/state.ts';
import { CutReader, type CutWithRecords, inOrder } from './cut-reader.ts';
import { insertAtLast } from './insert.ts';
import type { LoopParts } from './parts.ts';
import { recoverLane } from './recover.ts';
import { tracedWork } from './trace.ts';

/** Spans and lines in open traces, counted over all lanes of the process. */
export interface PendingCount {
  items: number;
}

/** Runs until the lane's signal is aborted. Throws when the log fails; the next run goes on from what was written down. */
export async function runLane(parts: LoopParts, lane: PartitionAssignment, pending: PendingCount): Promise<void> {
  const { state, cut } = await recoverLane(parts, lane);
  let counted = 0;
  const count = () => {
    pending.items += state.join.pendingItems - counted;
    counted = state.join.pendingItems;
    parts.metrics.pending(pending.items);
  };
  try {
    count();
    if (cut !== null && !(await recordCut(parts, lane, state, { cut, records: await readCut(parts, state, cut) })))
      return;
    const reader = new CutReader(parts, lane, state);
    while (!lane.signal.aborted) {
      count();
      const next = await reader.next(pending.items);
      if (next === null) continue;
      const batch = { records: next.records, group: consumerGroups.recorder, partition: lane.partition };
      const isRecorded = await tracedWork(parts, batch, async () => {
        await writeProgress(lane, state, next.cut);
        return recordCut(parts, lane, state, next);
      });
      if (!isRecorded) return;
    }
  } finally {
    pending.items -= counted;
  }
}

/** False when the lane was given up before the store took the rows. */
async function recordCut(
  parts: LoopParts,
  lane: PartitionAssignment,
  state: LaneState,
  { cut, records }: CutWithRecords,
): Promise<boolean> {
  const { clock, metrics, logger } = parts;
  const beganMs = clock();
  const { batches, deadLetters } = applyCut(state, cut, records);
  const rejected = await insertAtLast(parts, batches, lane.signal);
  if (rejected === null) return false;
  const letters = [...deadLetters, ...rejected.map((row) => rejectedLetter(row, cut.takenAtMs))].map(letterRecord);
  for (const { code, reason } of [...deadLetters, ...rejected.map((row) => ({ code: 'RECORDER_REJECTED', ...row }))])
    logger.warn('kept as a dead letter', { code, reason, partition: lane.partition });
  await lane.commit({
    records: [progressRecord(state, null), ...requestRecords(state), ...ledgerRecords(state), ...letters],
    positions: telemetryTopics.map((topic) => ({ topic, partition: lane.partition, offset: state.positions[topic] })),
  });
  metrics.deadLetters(letters.length);
  metrics.recorded({
    items: records.reduce((sum, record) => sum + recordHead(record).items, 0),
    durationMs: clock() - beganMs,
    lagMs: records.length === 0 ? null : clock() - Math.min(...records.map(({ timestampMs }) => timestampMs)),
  });
  return true;
}

async function writeProgress(lane: PartitionAssignment, state: LaneState, cut: RecorderCut): Promise<void> {
  await lane.commit({ records: [progressRecord(state, cut)], positions: [] });
}

function progressRecord(state: LaneState, cut: RecorderCut | null): OutgoingRecord {
  const { partition } = state;
  const value = codecs.recorderProgress.encode(progressOf(state, cut));
  return { topic: 'recorder-progress', key: progressKey(partition), partition, value };
}

function requestRecords({ partition, requests }: LaneState): OutgoingRecord[] {
  return requests.takeChanged().map(({ slot, requests: entries }) => ({
    topic: 'recorder-progress',
    key: requestsKey(partition, slot),
    partition,
    value: codecs.recorderRequests.encode(entries),
  }));
}

function ledgerRecords({ ledger }: LaneState): OutgoingRecord[] {
  return ledger.takeChanged().map((totals) => ({
    topic: 'ledger',
    key: ledgerKey(totals),
    value: codecs.ledgerTotals.encode(totals),
  }));
}

/** The records of a cut that was written down. */
async function readCut({ bus }: LoopParts, state: LaneState, cut: RecorderCut): Promise<TelemetryRecord[]> {
  const records: TelemetryRecord[] = [];
  for (const { topic, offset } of cut.ends) {
    const range = { topic, partition: state.partition, from: state.positions[topic], to: offset };
    for await (const record of bus.read(range)) records.push({ ...record, topic });
  }
  return inOrder(records);
}
