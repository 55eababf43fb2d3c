/**
 * The log that connects the services. Read this page first: it is all that a service knows of Kafka or SQLite.
 *
 *     publish ──►  topic "alerts"   partition 0  │ 4 │ 5 │ 6 │ 7 │  ◄── next offset
 *                                   partition 1  │ 9 │10 │
 *                                                      ▲
 *     group "correlator": consumer A holds partition 0, consumer B holds partition 1.
 *     Each polls records, does its work, and commits new records and its positions in one atomic commit.
 *
 * - A topic has numbered partitions. Records of one partition are ordered; partitions are independent of each other.
 * - The key of a record decides its partition, so records of one key stay in order.
 * - A group reads a topic together: each partition is assigned to one consumer of the group at a time.
 * - A position is the offset of the next record to handle. Positions are kept in the log, per group.
 * - A commit writes records and positions together, so each record has its effect exactly once, across crashes too.
 *
 * Adapters: `embedded/` (SQLite files, one process) and `kafka/` (Apache Kafka). `registry/` can wrap either of them.
 * Every adapter passes the suite in `contract/`, which tests each sentence of this page.
 */
import type { TopicName } from '@faultline/model';
import type { SourceSubscription, SourceTopicOptions } from './source-topic.ts';

/** A record to write. */
export interface OutgoingRecord {
  readonly topic: TopicName;
  readonly key: string;
  /** Null is a tombstone: compaction removes the key from a compacted topic. */
  readonly value: Uint8Array | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: the partition of the key, see `Bus.partitionOf`. */
  readonly partition?: number;
}

/** A record as it was read. `key`, `value` and `headers` are as they were published. */
export interface LogRecord<Topic extends string = TopicName> {
  readonly topic: Topic;
  readonly partition: number;
  /** Rises within a partition. Some numbers are never used, so do not count with offsets. */
  readonly offset: bigint;
  /**
   * When the log stored the record, ms since 1970. Never decreases within a partition, with one exception: in Kafka it may
   * step back when a broker with a slower clock becomes the partition's leader.
   */
  readonly timestampMs: number;
  readonly key: string;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** The next offset to handle in a partition: one more than the offset of the last record handled. */
export interface Position {
  readonly topic: TopicName;
  readonly partition: number;
  readonly offset: bigint;
}

/** The content of one atomic commit. Readers see all of it or none of it. */
export interface Commit {
  readonly records: readonly OutgoingRecord[];
  readonly positions: readonly Position[];
}

/**
 * One partition number, assigned to one consumer of a group. It covers that partition of every topic of the subscription.
 * One loop owns an assignment and calls its methods one at a time: poll, work, commit.
 */
export interface PartitionAssignment {
  readonly partition: number;
  /** Aborted when the partition is revoked or the subscription stops. Return from `run` soon after; later commits are refused. */
  readonly signal: AbortSignal;
  /**
   * Returns the records after those of the last poll, in order within each topic. Polling does not depend on commits.
   * Waits up to `waitMs` for a record. Returns an empty list when none came, or at once when `signal` is aborted.
   * Stays within both limits, except that a single record is returned however large it is.
   */
  poll(limit: {
    readonly maxRecords: number;
    readonly maxBytes: number;
    readonly waitMs: number;
  }): Promise<readonly LogRecord[]>;
  /**
   * Writes records and positions atomically. When it resolves, they are safe on disk.
   * Rejects with `BUS_FENCED` (permanent) when the partition is no longer ours. Nothing was written then.
   * Rejects with `BUS_UNAVAILABLE` (transient) when the outcome is unknown: the commit may have been written. Let the
   * error end the loop. The next run starts at what was really committed.
   * Rejects with `BUS_BAD_COMMIT` for a position outside this assignment, and with `BUS_RECORD_TOO_LARGE`.
   */
  commit(commit: Commit): Promise<void>;
  /** Returns the committed position of a topic of this assignment, or the topic's first offset before the first commit. */
  committed(topic: TopicName): Promise<bigint>;
}

/** What a consumer of a group reads, and the loop that handles it. */
export interface SubscribeOptions {
  readonly group: string;
  /** Must have equally many partitions: partition n of every topic belongs to the same assignment. */
  readonly topics: readonly TopicName[];
  /**
   * The loop, called once for each assigned partition. It must return when `assignment.signal` is aborted.
   * When it throws, it is called again after a backoff and starts at the committed positions. Transient errors are retried for
   * ever. Other errors are retried a limited number of times in a row; then the subscription fails and `done` rejects.
   */
  readonly run: (assignment: PartitionAssignment) => Promise<void>;
}

export interface Subscription {
  /** Leaves the group. Resolves when every loop has returned. Safe to call twice. */
  stop(): Promise<void>;
  /** Resolves after `stop`. Rejects when a loop failed too often, with its last error. */
  readonly done: Promise<void>;
}

/** A range of one partition. */
export interface ReadOptions {
  readonly topic: TopicName;
  readonly partition: number;
  /** First offset to read. 0n, or anything below the oldest record, starts at the oldest record. */
  readonly from: bigint;
  /** Exclusive. Default: the end of the partition at the time of the call. */
  readonly to?: bigint;
}

export interface Bus {
  /**
   * Writes records, all or none, and resolves when they are safe on disk. Do not change a value before that.
   * Calls that overlap may be written in any order.
   * Rejects with `BUS_UNAVAILABLE` (transient) when the log cannot store them, or stored them and the response was lost.
   * Rejects with `BUS_RECORD_TOO_LARGE` (permanent) when a record is over `maxRecordBytes`.
   */
  publish(records: readonly OutgoingRecord[]): Promise<void>;
  /** Joins a group. Throws `BUS_BAD_SUBSCRIPTION` when the topics differ in partitions or the group reads them otherwise. */
  subscribe(options: SubscribeOptions): Subscription;
  /**
   * Reads a topic that others fill, in the cluster of this log: a commit is one transaction. Absent where the log is not in
   * Kafka; `openSourceTopic` reads topics of any cluster.
   */
  readonly openSourceTopic?: (options: SourceTopicOptions) => SourceSubscription;
  /** Reads a range once, oldest record first, outside any group. Compaction may have removed older records of a key. */
  read(options: ReadOptions): AsyncIterable<LogRecord>;
  /**
   * Reads all partitions of a topic from the oldest record and then waits for new ones, outside any group. Used to keep a
   * read model of a compacted topic. Yields `CaughtUp` once. Ends when `signal` is aborted.
   */
  follow(topic: TopicName, signal: AbortSignal): AsyncIterable<LogRecord | CaughtUp>;
  /**
   * Returns the low and high watermark of each partition: its first offset, and the offset after its last record. A group that
   * handled everything has committed `next`. The log may use further offsets for itself; they are not counted.
   */
  offsets(
    topic: TopicName,
  ): Promise<readonly { readonly partition: number; readonly first: bigint; readonly next: bigint }[]>;
  /** Returns the committed positions of a group. Partitions without a commit are left out. */
  committed(group: string, topic: TopicName): Promise<readonly Position[]>;
  partitionCount(topic: TopicName): number;
  /** Returns the partition of a key: murmur2 like Kafka's default partitioner, so every adapter agrees. */
  partitionOf(topic: TopicName, key: string): number;
  /** Largest record, in bytes: key, value and headers together. */
  readonly maxRecordBytes: number;
  /** Resolves when the log can be written. Rejects with `BUS_UNAVAILABLE`. */
  ping(): Promise<void>;
}

/** Yielded once by `follow`, after every record that existed when it was called. */
export interface CaughtUp {
  readonly caughtUp: true;
}
