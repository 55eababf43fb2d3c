/** When to checkpoint, and how far the clock of the trace join may go with it. Pure. */
import type { RecorderConfig } from '../config.ts';

/** What has been read since the last checkpoint. */
export interface Filling {
  readonly items: number;
  readonly bytes: number;
  /** When the first record was taken, or the reading began when there is none. */
  readonly sinceMs: number;
}

type CheckpointLimits = Pick<RecorderConfig, 'cutMaxAgeMs' | 'cutMaxItems' | 'cutMaxBytes'>;

/** How long to go on reading before the checkpoint; 0: checkpoint now. */
export function decideWaitMs({ items, bytes, sinceMs }: Filling, nowMs: number, limits: CheckpointLimits): number {
  if (items >= limits.cutMaxItems || bytes >= limits.cutMaxBytes) return 0;
  return Math.max(0, sinceMs + limits.cutMaxAgeMs - nowMs);
}

/** How far one topic has been read. */
export interface ReadThrough {
  /** Timestamp of the last record read; null when none was. Timestamps never fall within a partition. */
  readonly lastMs: number | null;
  /** True when the topic had no further record at `atMs`. */
  readonly atEnd: boolean;
}

export interface WatermarkInput {
  readonly topics: readonly ReadThrough[];
  /** When it was seen that topics were at their end. */
  readonly atMs: number;
  readonly clockSlackMs: number;
  readonly previousMs: number;
}

/**
 * The time up to which every record of every joined topic has been read. A topic with more to read holds it at its last record; one at
 * its end follows the clock, less the slack. It never falls.
 */
export function decideWatermark({ topics, atMs, clockSlackMs, previousMs }: WatermarkInput): number {
  const through = topics.map(({ lastMs, atEnd }) => Math.max(lastMs ?? 0, atEnd ? atMs - clockSlackMs : 0));
  return Math.max(previousMs, Math.min(...through));
}

/** Whether all open sessions must close with this checkpoint, because there would be too many afterwards. */
export function decideBarrier(pendingItems: number, itemsInCheckpoint: number, maxPending: number): boolean {
  return pendingItems + itemsInCheckpoint > maxPending;
}
