/** What the recorder writes down on `recorder-progress` (compacted, the partition numbers of the telemetry topics). */
import type { TopicName } from './topics.ts';

export type TelemetryTopic = Extract<TopicName, 'spans' | 'logs' | 'metrics'>;

export interface TopicProgress {
  readonly topic: TelemetryTopic;
  /** Every record below this offset is in no open trace session: what it says is final. */
  readonly low: bigint;
  /** Every record below this offset is not needed to build the lane's state again; at most `low`. -1: not known, then it is `low`. */
  readonly keep: bigint;
  /** Every record below this offset is recorded. */
  readonly position: bigint;
}

/** A batch of offsets being inserted, written down before the insert so that a restart makes the same batch again. */
export interface RecorderCut {
  readonly ends: readonly { readonly topic: TelemetryTopic; readonly offset: bigint }[];
  readonly watermarkMs: number;
  /** All open sessions close with this cut: there were too many. */
  readonly barrier: boolean;
  readonly takenAtMs: number;
}

/** A range of records that came behind the watermark: they count as of `toMs`. */
export interface Lift {
  readonly topic: TelemetryTopic;
  readonly from: bigint;
  readonly to: bigint;
  readonly toMs: number;
}

/** The state of one recorder lane before `cut` (or now, when there is none). Key: `progressKey(partition)`. */
export interface RecorderProgress {
  readonly partition: number;
  /** Trace sessions due by then are closed. Same clock as the records' timestamps. */
  readonly watermarkMs: number;
  readonly topics: readonly TopicProgress[];
  /** Traces (`tenant/traceId`) that were cut at their greatest age and may still go on: records before `untilMs` are in a closed session. */
  readonly aged: readonly { readonly trace: string; readonly untilMs: number }[];
  readonly lifts: readonly Lift[];
  readonly cut: RecorderCut | null;
}

/** Requests first seen in one slot of time. Key: `requestsKey(partition, slot)`. */
export interface RecorderRequests {
  readonly entries: readonly {
    readonly topic: TelemetryTopic;
    readonly request: string;
    readonly offset: bigint;
    readonly timestampMs: number;
  }[];
}

/** The key of a lane's progress. */
export function progressKey(partition: number): string {
  return `progress/${partition}`;
}

/** The key of a lane's requests of one slot. */
export function requestsKey(partition: number, slot: number): string {
  return `requests/${partition}/${slot}`;
}
