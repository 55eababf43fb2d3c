/**
 * The loop of one telemetry lane. Its order, which makes a crash harmless: read, write down the cut, insert by name, then in one commit the
 * positions, the ledger and the progress. See docs/adr/0002-exact-windows.md.
 */
import type { Lane, LogRecord, OutgoingRecord } from '@faultline/bus';
import { codecs, progressKey, type RecorderCut, requestsKey, type TelemetryTopic } from '@faultline/model';
import { applyCut } from '../cut/apply.ts';
import { decideBarrier, decideWaitMs, decideWatermark } from '../cut/decide.ts';
import { ledgerKey } from '../cut/ledger.ts';
import { recordHead, type TelemetryRecord } from '../cut/record-head.ts';
import { type LaneState, progressOf, telemetryTopics } from '../cut/state.ts';
import type { JoinedTopic } from '../join/join.ts';
import { insertAtLast } from './insert.ts';
import type { RecorderParts } from './parts.ts';
import { recoverLane } from './recover.ts';

/** Spans and lines in open traces, counted over all lanes of the process. */
export interface PendingCount {
  items: number;
}

/** Runs until the lane's signal is aborted. Throws when the log fails; the next run goes on from what was written down. */
export async function runLane(parts: RecorderParts, lane: Lane, pending: PendingCount): Promise<void> {
  const { state, cut } = await recoverLane(parts, lane);
  let counted = 0;
  const count = () => {
    pending.items += state.join.pendingItems - counted;
    counted = state.join.pendingItems;
  };
  try {
    count();
    if (cut !== null && !(await recordCut(parts, lane, state, { cut, records: await readCut(parts, state, cut) })))
      return;
    const reader = createCutReader(parts, lane, state);
    while (!lane.signal.aborted) {
      count();
      const next = await reader.next(pending.items);
      if (next === null) continue;
      await writeProgress(lane, state, next.cut);
      if (!(await recordCut(parts, lane, state, next))) return;
    }
  } finally {
    pending.items -= counted;
  }
}

interface CutWithRecords {
  readonly cut: RecorderCut;
  readonly records: readonly TelemetryRecord[];
}

/** False when the lane was given up before the store took the rows. */
async function recordCut(
  parts: RecorderParts,
  lane: Lane,
  state: LaneState,
  { cut, records }: CutWithRecords,
): Promise<boolean> {
  const { batches, deadLetters } = applyCut(state, cut, records);
  if (!(await insertAtLast(parts, batches, lane.signal))) return false;
  const letters = deadLetters.map((letter) => ({
    topic: 'dead-letters' as const,
    key: letter.source,
    value: codecs.deadLetter.encode(letter),
  }));
  await lane.commit({
    records: [progressRecord(state, null), ...requestRecords(state), ...ledgerRecords(state), ...letters],
    positions: telemetryTopics.map((topic) => ({ topic, partition: lane.partition, offset: state.positions[topic] })),
  });
  return true;
}

async function writeProgress(lane: Lane, state: LaneState, cut: RecorderCut): Promise<void> {
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
async function readCut({ bus }: RecorderParts, state: LaneState, cut: RecorderCut): Promise<TelemetryRecord[]> {
  const records: TelemetryRecord[] = [];
  for (const { topic, offset } of cut.ends) {
    const range = { topic, partition: state.partition, from: state.positions[topic], to: offset };
    for await (const record of bus.read(range)) records.push({ ...record, topic });
  }
  return inOrder(records);
}

/** One order for a cut's records however they were polled: by topic, then offset. */
function inOrder(records: TelemetryRecord[]): TelemetryRecord[] {
  const rank = (record: TelemetryRecord) => telemetryTopics.indexOf(record.topic);
  return records.sort((a, b) => rank(a) - rank(b) || (a.offset < b.offset ? -1 : 1));
}

interface CutReader {
  /** Reads until a cut is due; null when there is nothing to record or the lane is given up. */
  next(pendingItems: number): Promise<CutWithRecords | null>;
}

const joinedTopics: readonly JoinedTopic[] = ['spans', 'logs'];

function createCutReader(parts: RecorderParts, lane: Lane, state: LaneState): CutReader {
  const { clock, config } = parts;
  const lastMs: Partial<Record<TelemetryTopic, number>> = {};

  /** Reads until a limit is reached; an empty list after a quiet while. */
  const fill = async (): Promise<{ records: TelemetryRecord[]; items: number }> => {
    const records: TelemetryRecord[] = [];
    let filling = { records: 0, items: 0, bytes: 0, sinceMs: clock() };
    for (;;) {
      const waitMs = decideWaitMs(filling, clock(), config);
      if (waitMs === 0 || lane.signal.aborted) break;
      const maxBytes = config.cutMaxBytes - filling.bytes;
      const polled = (await lane.poll({ maxRecords: 1_000, maxBytes, waitMs })).map(asTelemetry);
      const fresh = polled.filter(({ topic, offset }) => offset >= state.positions[topic]);
      if (fresh.length > 0 && filling.records === 0) filling = { ...filling, sinceMs: clock() };
      for (const record of fresh) {
        records.push(record);
        lastMs[record.topic] = record.timestampMs;
        filling = {
          ...filling,
          records: filling.records + 1,
          items: filling.items + recordHead(record).items,
          bytes: filling.bytes + (record.value?.byteLength ?? 0),
        };
      }
    }
    return { records, items: filling.items };
  };

  const watermark = async (ends: LaneState['positions']): Promise<number> => {
    const atMs = clock();
    const topics = joinedTopics.map(async (topic) => {
      const offsets = await parts.bus.offsets(topic);
      const next = offsets.find(({ partition }) => partition === lane.partition)?.next ?? 0n;
      return { lastMs: lastMs[topic] ?? null, atEnd: ends[topic] >= next };
    });
    const previousMs = state.join.marks().watermarkMs;
    return decideWatermark({ topics: await Promise.all(topics), atMs, clockSlackMs: config.clockSlackMs, previousMs });
  };

  return {
    next: async (pendingItems) => {
      const { records, items } = await fill();
      if (lane.signal.aborted || (records.length === 0 && state.join.pendingItems === 0)) return null;
      const ends = { ...state.positions };
      for (const { topic, offset } of records) ends[topic] = offset + 1n;
      const cut: RecorderCut = {
        ends: telemetryTopics.map((topic) => ({ topic, offset: ends[topic] })),
        watermarkMs: await watermark(ends),
        barrier: decideBarrier(pendingItems, items, config.maxPendingSpans),
        takenAtMs: clock(),
      };
      return { cut, records: inOrder(records) };
    },
  };
}

/** The lane's topics are the telemetry topics. */
function asTelemetry(record: LogRecord): TelemetryRecord {
  return record as TelemetryRecord;
}
