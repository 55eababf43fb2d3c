/**
 * The port for topics that others fill: their records are input, and what becomes of them goes to Faultline's own log.
 *
 *     topic "otlp_logs" of anybody ──► poll ──► work ──► commit(records of ours, next offset)
 *
 * In the cluster of Faultline's log, a commit is one transaction: each record has its effect exactly once. In any other cluster, or
 * beside the embedded log, the records are written first and the position second. After a crash in between, the same
 * records come once more, with the same offsets.
 */
import type { LogRecord, OutgoingRecord, PartitionAssignment, Subscription } from './port.ts';

/** A record of a topic that others fill. Its topic is the name in the cluster. */
export type SourceRecord = LogRecord<string>;

export interface SourceTopicOptions {
  /** The name in the cluster. The topic may be created later, and its partitions may become more. */
  readonly topic: string;
  /** The group's name in the cluster. It reads this topic only. */
  readonly group: string;
  /** Where the group begins in a partition without a committed position. */
  readonly startAt: 'earliest' | 'latest';
  /** The loop, as in `SubscribeOptions`. It is restarted without limit, however it fails. */
  readonly run: (assignment: SourceAssignment) => Promise<void>;
}

/** One partition of the topic. One loop owns it and calls its methods one at a time: poll, work, commit. */
export interface SourceAssignment extends Pick<PartitionAssignment, 'partition' | 'signal'> {
  /** As `PartitionAssignment.poll`. */
  poll(limit: Parameters<PartitionAssignment['poll']>[0]): Promise<readonly SourceRecord[]>;
  /** Writes records of ours and the next offset to handle. Rejects as `PartitionAssignment.commit` does. */
  commit(commit: SourceCommit): Promise<void>;
}

export interface SourceCommit {
  readonly records: readonly OutgoingRecord[];
  readonly offset: bigint;
}

export interface SourceStatus {
  /** Partitions of the topic. Zero: there is no such topic yet. */
  readonly partitions: number;
  /** Partitions that this process works on. */
  readonly held: number;
  /** Records that the whole group has not handled yet. */
  readonly lag: number;
}

export interface SourceSubscription extends Subscription {
  /** Asks the cluster. Rejects with BUS_UNAVAILABLE or BUS_DENIED. */
  status(): Promise<SourceStatus>;
}
