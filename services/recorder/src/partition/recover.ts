/** Rebuilds a partition's state from its stored progress and the log. Only reads. */
import type { Bus, PartitionAssignment } from '@faultline/bus';
import { codecs, type RecorderProgress, type RecorderRequests } from '@faultline/model';
import { failureOf } from '../checkpoint/apply.ts';
import { createLedger, ledgerWriter } from '../checkpoint/ledger.ts';
import { recordHead, type TelemetryRecord } from '../checkpoint/record-head.ts';
import { createRequestMemory } from '../checkpoint/requests.ts';
import { type PartitionState, telemetryTopics } from '../checkpoint/state.ts';
import { createInterner } from '../join/intern.ts';
import { createTraceJoin, effectiveTimeMs } from '../join/join.ts';
import { createMeshCounters } from '../mesh/counters.ts';
import type { Checkpoint } from '../progress.ts';
import { createContainerUsage } from '../usage/counters.ts';
import { dropCounter } from './metrics.ts';
import type { RecorderParts } from './parts.ts';

export interface Recovered {
  readonly state: PartitionState;
  /** A stored checkpoint that may or may not have been inserted. Repeat it before anything else. */
  readonly checkpoint: Checkpoint | null;
}

/** Returns the state as of the last stored progress, or a new state when there is none. */
export async function recoverPartition(
  { bus, config }: RecorderParts,
  assignment: PartitionAssignment,
): Promise<Recovered> {
  const { progress, requests } = await readWritten(bus, assignment.partition);
  const interner = createInterner();
  const rule = { settleMs: config.settleMs, maxAgeMs: config.maxTraceAgeMs };
  const late = { rememberMs: config.lateLogMs, maxItems: config.lateLogItems };
  const state: PartitionState = {
    partition: assignment.partition,
    interner,
    join: createTraceJoin({ rule, late, interner, ...(progress === null ? {} : { marks: progress }) }),
    mesh: createMeshCounters({ onDropped: dropCounter('mesh') }),
    usage: createContainerUsage({ onDropped: dropCounter('usage') }),
    requests: createRequestMemory(requests),
    ledger: createLedger(ledgerWriter(assignment.partition), await readLedger(bus)),
    positions: await startPositions(assignment, progress),
    lateOverrides: progress?.lifts ?? [],
  };
  if (progress !== null) await rebuild(bus, state, progress);
  return { state, checkpoint: progress?.cut ?? null };
}

async function startPositions(
  assignment: PartitionAssignment,
  progress: RecorderProgress | null,
): Promise<PartitionState['positions']> {
  const written = new Map(progress?.topics.map(({ topic, position }) => [topic, position]));
  const entries = telemetryTopics.map(async (topic) => [
    topic,
    written.get(topic) ?? (await assignment.committed(topic)),
  ]);
  return Object.fromEntries(await Promise.all(entries)) as PartitionState['positions'];
}

interface Written {
  readonly progress: RecorderProgress | null;
  readonly requests: readonly RecorderRequests[];
}

/**
 * Reads the last progress of a partition and its request slots. A record that cannot be decoded is skipped, so the one
 * before it counts.
 */
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

/**
 * Rebuilds open sessions and last metric points by reading their records again. What was counted then is not counted
 * again.
 */
async function rebuild(bus: Bus, state: PartitionState, progress: RecorderProgress): Promise<void> {
  for (const { topic, low, keep: retentionOffset, position } of progress.topics) {
    const range = {
      topic,
      partition: state.partition,
      from: retentionOffset < 0n ? low : retentionOffset,
      to: position,
    };
    for await (const record of bus.read(range))
      failureOf(() => {
        rebuildRecord(state, { ...record, topic }, low);
        return null;
      });
  }
  state.join.advance(progress.watermarkMs, null);
  state.mesh.advance(progress.watermarkMs);
  state.usage.advance(progress.watermarkMs);
}

/** A record below the low watermark is in no open session. */
export function rebuildRecord(state: PartitionState, record: TelemetryRecord, low: bigint): void {
  const { join, mesh, usage, requests, lateOverrides } = state;
  const { topic, offset, value } = record;
  if (value === null || requests.isRepeat(record, recordHead(record).request)) return;
  const place = { offset, atMs: effectiveTimeMs(record, lateOverrides), closed: offset < low };
  if (topic === 'spans') {
    const block = codecs.spanBlock.decode(value);
    if (block.ok) join.addSpans({ topic, ...place }, block.value);
  } else if (topic === 'logs') {
    const block = codecs.logBlock.decode(value);
    if (block.ok) join.addLogs({ topic, ...place }, block.value, null);
  } else {
    const block = codecs.metricBlock.decode(value);
    if (!block.ok) return;
    mesh.add(place, block.value, null);
    usage.add(place, block.value, null);
  }
}
