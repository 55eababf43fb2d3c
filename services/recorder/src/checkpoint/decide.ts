/** Decides when a checkpoint is due and how far its watermark goes. Pure. */
import type { RecorderConfig } from '../config.ts';

/** What has been read since the last checkpoint. */
export interface Filling {
  readonly items: number;
  readonly bytes: number;
  /** When the first record was added, or when reading began if there is none. */
  readonly sinceMs: number;
}

type CheckpointLimits = Pick<
  RecorderConfig,
  'cutMaxAgeMs' | 'cutMaxItems' | 'cutMaxBytes' | 'cutQuietAgeMs' | 'cutQuietItems' | 'quietInsertsPerSecond'
>;

export interface WaitSituation {
  readonly nowMs: number;
  readonly isAlerted: boolean;
  /** Partitions that this process records. Each makes inserts of its own. */
  readonly partitions: number;
}

/** Tables that an ordinary checkpoint has rows for. */
const insertsPerCheckpoint = 11;
/** The longest wait that `quietInsertsPerSecond` may cause: what people see of the store is as old. */
const maxQuietAgeMs = 30_000;

/**
 * How long to go on reading, ms. 0: the checkpoint is due. An insert costs the same for ten rows as for a thousand, so
 * few items wait longer, unless an alert has just come and evidence is about to be queried.
 */
export function decideWaitMs(
  { items, bytes, sinceMs }: Filling,
  { nowMs, isAlerted, partitions }: WaitSituation,
  limits: CheckpointLimits,
): number {
  if (items >= limits.cutMaxItems || bytes >= limits.cutMaxBytes) return 0;
  const isQuiet = !isAlerted && items < limits.cutQuietItems;
  const maxAgeMs = isQuiet ? quietAgeMs(partitions, limits) : limits.cutMaxAgeMs;
  return Math.max(0, sinceMs + maxAgeMs - nowMs);
}

function quietAgeMs(partitions: number, limits: CheckpointLimits): number {
  const rateAgeMs = Math.min(maxQuietAgeMs, (partitions * insertsPerCheckpoint * 1_000) / limits.quietInsertsPerSecond);
  return Math.max(limits.cutMaxAgeMs, limits.cutQuietAgeMs, rateAgeMs);
}

/** How far one topic has been read. */
export interface ReadThrough {
  /** Timestamp of the last record read; null when none was. Timestamps never decrease within a partition. */
  readonly lastMs: number | null;
  /** True when the topic had no further record at `atMs`. */
  readonly atEnd: boolean;
}

export interface WatermarkInput {
  readonly topics: readonly ReadThrough[];
  /** When the ends of the topics were checked. */
  readonly atMs: number;
  readonly clockSlackMs: number;
  readonly previousMs: number;
}

/**
 * The time before which every record of the joined topics has been read. A topic with more records holds it at its last
 * record read. A topic at its end follows the clock minus the slack. It never decreases.
 */
export function decideWatermark({ topics, atMs, clockSlackMs, previousMs }: WatermarkInput): number {
  const through = topics.map(({ lastMs, atEnd }) => Math.max(lastMs ?? 0, atEnd ? atMs - clockSlackMs : 0));
  return Math.max(previousMs, Math.min(...through));
}

/** Whether all open sessions must close with this checkpoint, because there would be too many items afterwards. */
export function decideBarrier(pendingItems: number, itemsInCheckpoint: number, maxPending: number): boolean {
  return pendingItems + itemsInCheckpoint > maxPending;
}
