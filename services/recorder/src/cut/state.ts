/** All that a lane of the recorder knows, and what of it is written down. */
import type { Lift, RecorderCut, RecorderProgress, TelemetryTopic } from '@faultline/model';
import type { Interner } from '../join/intern.ts';
import type { TraceJoin } from '../join/join.ts';
import type { MeshCounters } from '../mesh/counters.ts';
import type { Ledger } from './ledger.ts';
import type { RequestMemory } from './requests.ts';

export const telemetryTopics: readonly TelemetryTopic[] = ['spans', 'logs', 'metrics'];

/** Owned and changed by one loop. Only `applyCut` changes it. */
export interface LaneState {
  readonly partition: number;
  readonly interner: Interner;
  readonly join: TraceJoin;
  readonly mesh: MeshCounters;
  readonly requests: RequestMemory;
  readonly ledger: Ledger;
  /** The next offset to record. */
  readonly positions: Record<TelemetryTopic, bigint>;
  lifts: readonly Lift[];
}

/** What must be written down to make this state again from the log; with the cut that is about to be inserted, if there is one. */
export function progressOf(state: LaneState, cut: RecorderCut | null): RecorderProgress {
  const { partition, join, positions, lifts } = state;
  return {
    partition,
    ...join.marks(),
    topics: telemetryTopics.map((topic) => ({
      topic,
      low: lowOf(state, topic),
      keep: keepOf(state, topic),
      position: positions[topic],
    })),
    lifts,
    cut,
  };
}

/** Nothing below this offset is in an open session. */
export function lowOf({ join, mesh, positions }: LaneState, topic: TelemetryTopic): bigint {
  return (topic === 'metrics' ? mesh.low() : join.low(topic)) ?? positions[topic];
}

/** Nothing below this offset is needed to go on. */
export function keepOf(state: LaneState, topic: TelemetryTopic): bigint {
  return (topic === 'metrics' ? null : state.join.keep(topic)) ?? lowOf(state, topic);
}
