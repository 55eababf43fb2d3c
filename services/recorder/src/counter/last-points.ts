/**
 * Remembers the last point of each cumulative counter, so that its growth since then can be counted. Senders choose the names of
 * counters, so only so many are remembered: points of further ones are dropped and counted, and those that are known go on.
 */
import type { MetricPoint } from '@faultline/model';

/** A counter that is silent for this long is forgotten. Its next point starts it anew. */
export const forgetMs = 300_000;

/** Of usage and of service meshes each, in each partition. A counter takes about 300 bytes. */
export const mostCounters = 300_000;

/** Where a point stands on the log. */
export interface PointPlace {
  readonly offset: bigint;
  readonly atMs: number;
}

export interface LastPoint extends PointPlace {
  readonly value: number;
  readonly startNs: bigint;
  readonly timeNs: bigint;
}

export interface LastPointsOptions {
  /** Most counters. Default: `mostCounters`. */
  readonly maxCounters?: number;
  /** A point of a new counter was dropped, because as many as may be are known. */
  readonly onDropped?: () => void;
}

export interface LastPoints {
  /** Remembers the point, and returns the one before it. Null: the first one, an older one, or a dropped one. */
  replace(key: string, place: PointPlace, point: MetricPoint): LastPoint | null;
  /** Forgets silent counters. */
  advance(watermarkMs: number): void;
  /** The offset of the oldest point that is remembered; null when there is none. */
  lowWatermark(): bigint | null;
}

export function createLastPoints({
  maxCounters = mostCounters,
  onDropped = () => {},
}: LastPointsOptions = {}): LastPoints {
  // Updated counters move to the end, so the first one has the lowest offset.
  const counters = new Map<string, LastPoint>();
  return {
    replace: (key, { offset, atMs }, { value, startNs, timeNs }) => {
      const last = counters.get(key);
      if (last !== undefined && timeNs <= last.timeNs) return null;
      if (last === undefined && counters.size >= maxCounters) {
        onDropped();
        return null;
      }
      counters.delete(key);
      counters.set(key, { offset, atMs, value, startNs, timeNs });
      return last ?? null;
    },
    advance: (watermarkMs) => {
      for (const [key, { atMs }] of counters) if (atMs + forgetMs <= watermarkMs) counters.delete(key);
    },
    lowWatermark: () => {
      for (const { offset } of counters.values()) return offset;
      return null;
    },
  };
}
