import type { TopicName } from '@faultline/model';
import type { SegmentInfo } from './protocol.ts';

export interface ReadRange {
  readonly topic: TopicName;
  readonly partition: number;
  readonly from: number;
  /** Exclusive. Never above the high watermark. */
  readonly to: number;
}

/** The files of the telemetry topics, oldest first, as the reading thread knows them. */
export class Segments {
  readonly #byTopic = new Map<TopicName, SegmentInfo[]>();

  of(topic: TopicName): readonly SegmentInfo[] {
    return this.#byTopic.get(topic) ?? [];
  }

  bytes(topic: TopicName): number {
    return this.of(topic).reduce((sum, segment) => sum + segment.bytes, 0);
  }

  /** Adds or updates a segment. Returns whether it is new. */
  put(info: SegmentInfo): boolean {
    const known = this.#byTopic.get(info.topic) ?? [];
    const last = known.at(-1);
    if (last?.sequence === info.sequence) known.pop();
    known.push(info);
    this.#byTopic.set(info.topic, known);
    return last !== undefined && last.sequence !== info.sequence;
  }

  /** The first offset of a segment, and of the one after it, in every partition. Parts that are unknown are left out. */
  rangeOf(topic: TopicName, sequence: number): { readonly from?: readonly number[]; readonly to?: readonly number[] } {
    const segments = this.of(topic);
    const index = segments.findIndex((segment) => segment.sequence === sequence);
    const [own, next] = index < 0 ? [] : [segments[index], segments[index + 1]];
    return { ...(own && { from: own.base }), ...(next && { to: next.base }) };
  }

  remove(topic: TopicName, sequence: number): void {
    this.#byTopic.set(
      topic,
      this.of(topic).filter((segment) => segment.sequence !== sequence),
    );
  }

  /** The files that may hold records of a range, oldest first. */
  holding({ topic, partition, from, to }: ReadRange): SegmentInfo[] {
    const segments = this.of(topic);
    return segments.filter((segment, index) => {
      const end = segments[index + 1]?.base[partition] ?? Number.POSITIVE_INFINITY;
      return (segment.base[partition] ?? 0) < to && end > from;
    });
  }
}

export interface DropInput {
  /** Oldest first. The last one is the active file and stays. */
  readonly segments: readonly SegmentInfo[];
  /** The lowest committed position of the groups that read the topic, per partition; null when no group does. */
  readonly floors: readonly number[] | null;
  readonly nowMs: number;
  readonly retentionMs: number;
  readonly maxBytes: number;
  /**
   * Files younger than this stay even over `maxBytes`, because a restarting consumer reads a little before its
   * position.
   */
  readonly minRetentionMs: number;
}

/**
 * Decides which files retention drops, oldest first. A file is dropped when every reading group has committed past it,
 * and it is too old or the topic is too large. A file with uncommitted records stays whatever its age, and so do all
 * later files.
 */
export function decideDrops({
  segments,
  floors,
  nowMs,
  retentionMs,
  maxBytes,
  minRetentionMs,
}: DropInput): SegmentInfo[] {
  let bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  const dropped: SegmentInfo[] = [];
  for (const [index, segment] of segments.entries()) {
    const following = segments[index + 1];
    if (following === undefined) break;
    const handled = floors === null || following.base.every((end, partition) => (floors[partition] ?? 0) >= end);
    const ageMs = nowMs - following.recordsBeforeMs;
    const due = ageMs >= retentionMs || (bytes > maxBytes && ageMs >= minRetentionMs);
    if (!handled || !due) break;
    dropped.push(segment);
    bytes -= segment.bytes;
  }
  return dropped;
}
