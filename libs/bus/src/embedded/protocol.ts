import type { TopicName } from '@faultline/model';
import type { Failure } from '../failure.ts';
import type { PartitionCounts } from '../topic-layout.ts';
import type { PackedBatch } from './packed.ts';

/** What the threads that write say to each other. Offsets are plain numbers here: 2^53 records outlast any disk. */

/** A committed position of a group. */
export interface GroupPosition {
  readonly group: string;
  readonly topic: TopicName;
  readonly partition: number;
  readonly offset: number;
}

/** How far a partition reaches: first offset kept (or due next when none is) and next offset. */
export interface PartitionSpan {
  readonly topic: TopicName;
  readonly partition: number;
  readonly first: number;
  readonly next: number;
}

/** One file of a telemetry topic. */
export interface SegmentInfo {
  readonly topic: TopicName;
  readonly sequence: number;
  readonly createdMs: number;
  /** Time of the last record before this file, ms. */
  readonly recordsBeforeMs: number;
  /** The next offset of each partition when the file was made. */
  readonly base: readonly number[];
  /** Size, near enough for a bound. */
  readonly bytes: number;
}

/** A topic, as the threads that write know it. */
export interface EngineTopic {
  readonly name: TopicName;
  readonly compacted: boolean;
  readonly telemetry: boolean;
  readonly partitions: number;
}

/** What the threads need to open their files. */
export interface EngineOptions {
  readonly folder: string;
  /** Packed batches name topics by their place here. */
  readonly topics: readonly EngineTopic[];
  /** The partition counts that the configuration names. */
  readonly partitions: PartitionCounts;
  readonly segmentMs: number;
  readonly segmentMaxBytes: number;
}

export interface MainState {
  readonly spans: readonly PartitionSpan[];
  readonly positions: readonly GroupPosition[];
  readonly confirmedFlush: number;
}

export interface TelemetryState {
  readonly spans: readonly PartitionSpan[];
  readonly segments: readonly SegmentInfo[];
}

export interface MainWrite {
  readonly nowMs: number;
  readonly batch: PackedBatch;
  readonly positions: readonly GroupPosition[];
  /** The flush of telemetry files that becomes valid with this write; null for none. */
  readonly confirmFlush: number | null;
}

export interface TelemetryWrite {
  readonly nowMs: number;
  readonly batch: PackedBatch;
  /** Flushes after this one were given up: their records are removed first. */
  readonly confirmedFlush: number;
  /** Number of this flush when it is only valid once the main file confirms it; null when it is valid by itself. */
  readonly flush: number | null;
}

export interface TelemetryWritten {
  readonly spans: readonly PartitionSpan[];
  /** The active segment of each topic written to; a sequence not seen before is a new file. */
  readonly segments: readonly SegmentInfo[];
  /** Topics of which nothing was written. */
  readonly failed: readonly { readonly topic: TopicName; readonly failure: Failure }[];
}

export interface CompactSlice {
  readonly topic: TopicName;
  readonly partition: number;
  /** Records younger than this are left alone. */
  readonly beforeMs: number;
  /** Tombstones older than this are dropped. */
  readonly tombstonesBeforeMs: number;
}

export interface ExpireSlice {
  readonly topic: TopicName;
  readonly partition: number;
  readonly beforeMs: number;
  /** Records from here on are kept whatever their age: a group has not committed them. */
  readonly retainFrom: number;
}

export interface SliceDone {
  readonly span: PartitionSpan;
  readonly more: boolean;
}

/** What the main file's thread does. */
export interface MainEngine {
  open(argument: null): MainState;
  write(write: MainWrite): readonly PartitionSpan[];
  compact(slice: CompactSlice): SliceDone;
  expire(slice: ExpireSlice): SliceDone;
  ping(nowMs: number): null;
  close(argument: null): null;
}

/** What the telemetry files' thread does. */
export interface TelemetryEngine {
  /** Removes the records of flushes after the confirmed one: they were never acknowledged. */
  open(opening: { readonly confirmedFlush: number; readonly nowMs: number }): TelemetryState;
  write(write: TelemetryWrite): TelemetryWritten;
  /** Starts a new file where the active one is old and not empty, so that retention can drop the old one. */
  rotate(now: { readonly nowMs: number; readonly confirmedFlush: number }): readonly SegmentInfo[];
  drop(segment: { readonly topic: TopicName; readonly sequence: number }): null;
  close(argument: null): null;
}
