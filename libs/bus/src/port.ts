/**
 * The log, as the services see it: topics of ordered partitions, consumer groups with committed offsets, and atomic
 * consume-process-produce. Adapters: `embedded/` (SQLite) and `kafka/` (Apache Kafka). The suite in `contract/` says what each must do.
 */
import type { TopicName } from '@faultline/model';

/** A record to be written. Without `partition` the key decides (same key, same partition, in every adapter). */
export interface OutgoingRecord {
  readonly topic: TopicName;
  readonly key: string;
  /** Null removes the key from a compacted topic. */
  readonly value: Uint8Array | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly partition?: number;
}

export interface LogRecord {
  readonly topic: TopicName;
  readonly partition: number;
  readonly offset: bigint;
  /** When the log took it, ms. Never falls within a partition. */
  readonly timestampMs: number;
  readonly key: string;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** The position after the last record handled: the next offset to read. */
export interface Position {
  readonly topic: TopicName;
  readonly partition: number;
  readonly offset: bigint;
}

/** What one atomic commit does: all of it or nothing is seen by readers. */
export interface Commit {
  readonly records: readonly OutgoingRecord[];
  readonly positions: readonly Position[];
}

/**
 * One partition number of a set of co-partitioned topics, held by one consumer of the group. One loop owns an assignment: it polls, works and
 * commits, one after another.
 */
export interface PartitionAssignment {
  readonly partition: number;
  /** Aborted when the assignment is lost or the subscription stops: return from `run` soon; a later `commit` is refused. */
  readonly signal: AbortSignal;
  /**
   * The next records, in order within each topic, after those polled before (not: after those committed). Resolves with
   * none after `waitMs`, or at once when `signal` is aborted. At least one record is returned when there is one, however large.
   */
  poll(limit: {
    readonly maxRecords: number;
    readonly maxBytes: number;
    readonly waitMs: number;
  }): Promise<readonly LogRecord[]>;
  /**
   * Durable when resolved. Rejects with `BUS_FENCED` (permanent) when the assignment is no longer ours; nothing was written then. After `BUS_UNAVAILABLE`
   * it may have been written: let the error end the loop, which then starts again at what is committed.
   */
  commit(commit: Commit): Promise<void>;
  /** The committed position of a topic of this assignment; the topic's first offset when none was committed. */
  committed(topic: TopicName): Promise<bigint>;
}

export interface SubscribeOptions {
  readonly group: string;
  /** Co-partitioned topics: partition n of each goes to the same assignment. */
  readonly topics: readonly TopicName[];
  /**
   * The assignment's loop. It returns when `assignment.signal` is aborted. When it throws, the assignment is reset to its committed positions and `run` is called
   * again after a backoff: transient errors for ever, others up to the adapter's limit, after which the subscription fails.
   */
  readonly run: (assignment: PartitionAssignment) => Promise<void>;
}

export interface Subscription {
  /** Resolves when every loop has returned. Safe to call twice. */
  stop(): Promise<void>;
  /** Rejects when a loop failed for good; resolves on `stop`. */
  readonly done: Promise<void>;
}

export interface ReadOptions {
  readonly topic: TopicName;
  readonly partition: number;
  /** First offset wanted; 0n or less means the oldest kept. */
  readonly from: bigint;
  /** Reads up to here, exclusive; default: the end at the time of the call. */
  readonly to?: bigint;
}

export interface Bus {
  /**
   * Writes records, all or none, and resolves when they are safe on disk. Rejects with `BUS_UNAVAILABLE` (transient) when the log
   * cannot take them, or took them and its answer was lost, and with `BUS_RECORD_TOO_LARGE` (permanent) for a record over `maxRecordBytes`.
   * Calls that overlap may be written in any order.
   */
  publish(records: readonly OutgoingRecord[]): Promise<void>;
  subscribe(options: SubscribeOptions): Subscription;
  /** Reads a range once, outside any group, oldest first. A compacted topic may hold only the last record of each key. */
  read(options: ReadOptions): AsyncIterable<LogRecord>;
  /** Follows a topic's partitions from the oldest record for ever (a view of a compacted topic); ends when `signal` is aborted. */
  follow(topic: TopicName, signal: AbortSignal): AsyncIterable<LogRecord | CaughtUp>;
  /**
   * First offset of each partition, and the one after its last record. That is where a group is that has handled everything, although the log may
   * have used up further numbers for its own purposes.
   */
  offsets(
    topic: TopicName,
  ): Promise<readonly { readonly partition: number; readonly first: bigint; readonly next: bigint }[]>;
  /** Committed positions of a group; a partition never committed is left out. */
  committed(group: string, topic: TopicName): Promise<readonly Position[]>;
  partitionCount(topic: TopicName): number;
  /** The partition a key goes to; equal in every adapter (murmur2, as Kafka's default partitioner). */
  partitionOf(topic: TopicName, key: string): number;
  readonly maxRecordBytes: number;
  /** Resolves when the log answers; rejects with `BUS_UNAVAILABLE`. */
  ping(): Promise<void>;
}

/** Said once by `follow` when every record present at its start has been given. */
export interface CaughtUp {
  readonly caughtUp: true;
}
