/** All that a partition of the recorder knows, and what of it is written down. */
import type { RecorderProgress, TelemetryTopic } from '@faultline/model';
import type { Interner } from '../join/intern.ts';
import type { TraceJoin } from '../join/join.ts';
import type { MeshCounters } from '../mesh/counters.ts';
import type { Checkpoint, LateOverride } from '../progress.ts';
import type { Ledger } from './ledger.ts';
import type { RequestMemory } from './requests.ts';

export const telemetryTopics: readonly TelemetryTopic[] = ['spans', 'logs', 'metrics'];

/** Owned and changed by one loop. Only `applyCheckpoint` changes it. */
export interface PartitionState {
  readonly partition: number;
  readonly interner: Interner;
  readonly join: TraceJoin;
  readonly mesh: MeshCounters;
  readonly requests: RequestMemory;
  readonly ledger: Ledger;
  /** The next offset to record. */
  readonly positions: Record<TelemetryTopic, bigint>;
  lateOverrides: readonly LateOverride[];
}

/** What must be written down to make this state again from the log; with the checkpoint that is about to be inserted, if there is one. */
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

/** Nothing below this offset is in an open session. */
export function lowWatermarkOf({ join, mesh, positions }: PartitionState, topic: TelemetryTopic): bigint {
  return (topic === 'metrics' ? mesh.lowWatermark() : join.lowWatermark(topic)) ?? positions[topic];
}

/** Nothing below this offset is needed to go on. */
export function retentionOffsetOf(state: PartitionState, topic: TelemetryTopic): bigint {
  return (topic === 'metrics' ? null : state.join.retentionOffset(topic)) ?? lowWatermarkOf(state, topic);
}
