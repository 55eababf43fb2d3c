/** Makes a lane's state again from what was written down and from the log. Reads only. */
import type { Bus, PartitionAssignment } from '@faultline/bus';
import { codecs, type RecorderCut, type RecorderProgress, type RecorderRequests } from '@faultline/model';
import { failureOf } from '../cut/apply.ts';
import { createLedger, ledgerWriter } from '../cut/ledger.ts';
import { recordHead, type TelemetryRecord } from '../cut/record-head.ts';
import { createRequestMemory } from '../cut/requests.ts';
import { type LaneState, telemetryTopics } from '../cut/state.ts';
import { createInterner } from '../join/intern.ts';
import { createTraceJoin, effectiveTimeMs } from '../join/join.ts';
import { createMeshCounters } from '../mesh/counters.ts';
import type { RecorderParts } from './parts.ts';

export interface Recovered {
  readonly state: LaneState;
  /** The cut that was written down and may or may not have been inserted: it is to be done again before anything else. */
  readonly cut: RecorderCut | null;
}

/** The state as it was when the lane's progress was last written down; a new one for a lane without progress. */
export async function recoverLane({ bus, config }: RecorderParts, lane: PartitionAssignment): Promise<Recovered> {
  const { progress, requests } = await readWritten(bus, lane.partition);
  const interner = createInterner();
  const rule = { settleMs: config.settleMs, maxAgeMs: config.maxTraceAgeMs };
  const late = { rememberMs: config.lateLogMs, maxItems: config.lateLogItems };
  const state: LaneState = {
    partition: lane.partition,
    interner,
    join: createTraceJoin({ rule, late, interner, ...(progress === null ? {} : { marks: progress }) }),
    mesh: createMeshCounters(),
    requests: createRequestMemory(requests),
    ledger: createLedger(ledgerWriter(lane.partition), await readLedger(bus)),
    positions: await startPositions(lane, progress),
    lifts: progress?.lifts ?? [],
  };
  if (progress !== null) await rebuild(bus, state, progress);
  return { state, cut: progress?.cut ?? null };
}

async function startPositions(
  lane: PartitionAssignment,
  progress: RecorderProgress | null,
): Promise<LaneState['positions']> {
  const written = new Map(progress?.topics.map(({ topic, position }) => [topic, position]));
  const entries = telemetryTopics.map(async (topic) => [topic, written.get(topic) ?? (await lane.committed(topic))]);
  return Object.fromEntries(await Promise.all(entries)) as LaneState['positions'];
}

interface Written {
  readonly progress: RecorderProgress | null;
  readonly requests: readonly RecorderRequests[];
}

/** The last progress of a lane and its slots of requests. A record that cannot be read is passed over: an older one stands. */
async function readWritten(bus: Bus, partition: number): Promise<Written> {
  let progress: RecorderProgress | null = null;
  const requests = new Map<string, RecorderRequests>();
  for await (const { key, value } of bus.read({ topic: 'recorder-progress', partition, from: 0n })) {
    if (value === null) continue;
    if (key.startsWith('requests/')) {
      const slot = codecs.recorderRequests.decode(value);
      if (slot.ok) requests.set(key, slot.value);
    } else {
      const decoded = codecs.recorderProgress.decode(value);
      if (decoded.ok) progress = decoded.value;
    }
  }
  return { progress, requests: [...requests.values()].sort(bySlotTime) };
}

function bySlotTime(a: RecorderRequests, b: RecorderRequests): number {
  return (a.entries[0]?.timestampMs ?? 0) - (b.entries[0]?.timestampMs ?? 0);
}

async function readLedger(bus: Bus) {
  const totals = [];
  for await (const { value } of bus.read({ topic: 'ledger', partition: 0, from: 0n })) {
    const decoded = value === null ? null : codecs.ledgerTotals.decode(value);
    if (decoded?.ok) totals.push(decoded.value);
  }
  return totals;
}

/** Open sessions and last points come back by reading what was kept for them; what was counted then is not counted again. */
async function rebuild(bus: Bus, state: LaneState, progress: RecorderProgress): Promise<void> {
  for (const { topic, low, keep, position } of progress.topics) {
    const range = { topic, partition: state.partition, from: keep < 0n ? low : keep, to: position };
    for await (const record of bus.read(range))
      failureOf(() => {
        rebuildRecord(state, { ...record, topic }, low);
        return null;
      });
  }
  state.join.advance(progress.watermarkMs, null);
  state.mesh.advance(progress.watermarkMs);
}

/** A record below the low offset is in no open session. */
export function rebuildRecord(state: LaneState, record: TelemetryRecord, low: bigint): void {
  const { join, mesh, requests, lifts } = state;
  const { topic, offset, value } = record;
  if (value === null || requests.isRepeat(record, recordHead(record).request)) return;
  const place = { offset, atMs: effectiveTimeMs(record, lifts), closed: offset < low };
  if (topic === 'spans') {
    const block = codecs.spanBlock.decode(value);
    if (block.ok) join.addSpans({ topic, ...place }, block.value);
  } else if (topic === 'logs') {
    const block = codecs.logBlock.decode(value);
    if (block.ok) join.addLogs({ topic, ...place }, block.value, null);
  } else {
    const block = codecs.metricBlock.decode(value);
    if (block.ok) mesh.add(place, block.value, null);
  }
}
