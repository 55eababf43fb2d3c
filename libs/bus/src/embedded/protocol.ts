import type { TopicName } from '@faultline/model';
import type { Failure } from '../failure.ts';
import type { PartitionCounts } from '../topic-layout.ts';
import type { PackedBatch } from './packed.ts';

/**
 * The messages between this thread and the writing threads. Offsets are plain numbers here, which are exact up to 2^53.
 */

/** A committed position of a group. */
export interface GroupPosition {
  readonly group: string;
  readonly topic: TopicName;
  readonly partition: number;
  readonly offset: number;
}

/** The low and high watermark of a partition: its first offset and its next offset. They are equal when it is empty. */
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
  /** The next offset of each partition when the file was created. */
  readonly base: readonly number[];
  /** Approximate size, used for limits. */
  readonly bytes: number;
}

/** A topic, as the writing threads know it. */
export interface EngineTopic {
  readonly name: TopicName;
  readonly compacted: boolean;
  readonly telemetry: boolean;
  readonly partitions: number;
}

/** What the threads need to open their files. */
export interface EngineOptions {
  readonly folder: string;
  /** Packed batches refer to topics by index into this list. */
  readonly topics: readonly EngineTopic[];
  /** The configured partition counts. */
  readonly partitions: PartitionCounts;
  readonly segmentMs: number;
  readonly segmentMaxBytes: number;
}

export interface MainState {
  readonly spans: readonly PartitionSpan[];
  readonly positions: readonly GroupPosition[];
  readonly confirmedFlush: number;
}

export interface TelemetryOpening {
  readonly confirmedFlush: number;
  readonly nowMs: number;
  /** All committed positions. Offsets after damage start above them. */
  readonly positions: readonly GroupPosition[];
}

export interface DamagedPlace {
  readonly topic: TopicName;
  readonly sequence: number;
  readonly nowMs: number;
  readonly confirmedFlush: number;
}

export interface TelemetryState {
  readonly spans: readonly PartitionSpan[];
  readonly segments: readonly SegmentInfo[];
  /** Segments that were found damaged just now. */
  readonly damaged: readonly DamagedSegment[];
  /** All files that were ever set aside and are still there. */
  readonly damagedFiles: readonly string[];
}

/** A damaged segment that was set aside: its file was renamed and readers skip its records. */
export interface DamagedSegment {
  readonly topic: TopicName;
  readonly sequence: number;
  /** The new name of the file, relative to the log's folder. */
  readonly file: string;
  /** Per partition, the first offset of the lost range; null when the damage hides it. */
  readonly from: readonly number[] | null;
  /** Per partition, the first offset after the lost range. */
  readonly to: readonly number[];
}

export interface SetAside {
  readonly damaged: DamagedSegment;
  readonly spans: readonly PartitionSpan[];
  /** The active segment, which is a new one when the damaged one was active. */
  readonly segments: readonly SegmentInfo[];
}

export interface MainWrite {
  readonly nowMs: number;
  readonly batch: PackedBatch;
  readonly positions: readonly GroupPosition[];
  /** The telemetry flush that this write confirms; null for none. */
  readonly confirmFlush: number | null;
}

export interface TelemetryWrite {
  readonly nowMs: number;
  readonly batch: PackedBatch;
  /** Flushes after this one were abandoned. Their records are removed first. */
  readonly confirmedFlush: number;
  /**
   * The number of this flush when it becomes valid only by a confirmation in the main file; null when it is valid by
   * itself.
   */
  readonly flush: number | null;
}

export interface TelemetryWritten {
  readonly spans: readonly PartitionSpan[];
  /** The active segment of each topic written to. A new sequence number is a new file. */
  readonly segments: readonly SegmentInfo[];
  /** Topics for which nothing was written. */
  /** Segments that were found damaged while writing. */
  readonly damaged: readonly DamagedSegment[];
  readonly failed: readonly { readonly topic: TopicName; readonly failure: Failure }[];
}

export interface CompactSlice {
  readonly topic: TopicName;
  readonly partition: number;
  /** Records younger than this are not compacted. */
  readonly beforeMs: number;
  /** Tombstones older than this are removed. */
  readonly tombstonesBeforeMs: number;
}

export interface ExpireSlice {
  readonly topic: TopicName;
  readonly partition: number;
  readonly beforeMs: number;
  /** Records from here on are kept whatever their age, because a group has not committed them. */
  readonly retainFrom: number;
}

export interface SliceDone {
  readonly span: PartitionSpan;
  readonly more: boolean;
}

/** The methods of the main file's thread. */
export interface MainEngine {
  open(argument: null): MainState;
  write(write: MainWrite): readonly PartitionSpan[];
  compact(slice: CompactSlice): SliceDone;
  expire(slice: ExpireSlice): SliceDone;
  ping(nowMs: number): null;
  close(argument: null): null;
}

/** The methods of the telemetry files' thread. */
export interface TelemetryEngine {
  /** Removes the records of flushes after the confirmed one, which were never acknowledged. */
  open(opening: TelemetryOpening): TelemetryState;
  write(write: TelemetryWrite): TelemetryWritten;
  /** Starts a new file where the active one is old and not empty, so that retention can drop the old one. */
  rotate(now: { readonly nowMs: number; readonly confirmedFlush: number }): readonly SegmentInfo[];
  /** Sets a damaged segment aside. Call it only between flushes. */
  setAside(segment: DamagedPlace): SetAside;
  drop(segment: { readonly topic: TopicName; readonly sequence: number }): null;
  close(argument: null): null;
}
