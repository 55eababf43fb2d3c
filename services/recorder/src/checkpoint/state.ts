/** The state of one partition of the recorder, and what of it is stored. */
import type { RecorderProgress, TelemetryTopic } from '@faultline/model';
import type { Interner } from '../join/intern.ts';
import type { TraceJoin } from '../join/join.ts';
import type { MeshCounters } from '../mesh/counters.ts';
import type { Checkpoint, LateOverride } from '../progress.ts';
import type { ContainerUsage } from '../usage/counters.ts';
import type { Ledger } from './ledger.ts';
import type { RequestMemory } from './requests.ts';

export const telemetryTopics: readonly TelemetryTopic[] = ['spans', 'logs', 'metrics'];

/** Owned by one loop. Only `applyCheckpoint` changes it. */
export interface PartitionState {
  readonly partition: number;
  readonly interner: Interner;
  readonly join: TraceJoin;
  readonly mesh: MeshCounters;
  readonly usage: ContainerUsage;
  readonly requests: RequestMemory;
  readonly ledger: Ledger;
  /** The next offset to record. */
  readonly positions: Record<TelemetryTopic, bigint>;
  lateOverrides: readonly LateOverride[];
}

/**
 * The progress record from which this state can be rebuilt with the log. `checkpoint` is the one about to be inserted,
 * if any.
 */
export function progressOf(state: PartitionState, checkpoint: Checkpoint | null): RecorderProgress {
  const { partition, join, positions, lateOverrides } = state;
  return {
    partition,
    ...join.marks(),
    topics: telemetryTopics.map((topic) => ({
      topic,
      low: lowWatermarkOf(state, topic),
      keep: retentionOffsetOf(state, topic),
      position: positions[topic],
    })),
    lifts: lateOverrides,
    cut: checkpoint,
  };
}

/** The low watermark of a topic: no record below this offset is in an open session. */
export function lowWatermarkOf({ join, mesh, usage, positions }: PartitionState, topic: TelemetryTopic): bigint {
  if (topic !== 'metrics') return join.lowWatermark(topic) ?? positions[topic];
  let low = positions.metrics;
  for (const mark of [mesh.lowWatermark(), usage.lowWatermark()]) if (mark !== null && mark < low) low = mark;
  return low;
}

/** The retention offset of a topic: no record below it is needed to rebuild the state. */
export function retentionOffsetOf(state: PartitionState, topic: TelemetryTopic): bigint {
  return (topic === 'metrics' ? null : state.join.retentionOffset(topic)) ?? lowWatermarkOf(state, topic);
}
