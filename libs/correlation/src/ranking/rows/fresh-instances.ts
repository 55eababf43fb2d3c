/**
 * Instances that began to report shortly before the incident or during it: of a release, a restart or a larger replica set. Their memory
 * starts anew, their caches are cold and they open their connections at once. So they are not compared with their own first minutes.
 */
import type { SeriesRow } from '@faultline/model';
import { keyOf } from './call-edge.ts';

/** An instance that ran for longer has warmed up and has a past of its own. */
const freshForMs = 900_000;
/** Telemetry of all senders begins within this time when the collection begins. */
const togetherMs = 150_000;

export interface FreshInstances {
  /** When the instance of this series began to report, in ms; null for one that ran before, and for a series of no instance. */
  readonly startOf: (row: Pick<SeriesRow, 'service' | 'instance'>) => number | null;
}

/** Instances that began after `beforeMs`, less the time that one needs to warm up. */
export function freshInstances(series: readonly SeriesRow[], beforeMs: number): FreshInstances {
  const starts = new Map<string, number>();
  let firstMs = Number.POSITIVE_INFINITY;
  for (const row of series) {
    const startMs = row.points[0]?.[0];
    if (startMs === undefined) continue;
    firstMs = Math.min(firstMs, startMs);
    const key = keyOf(row.service, row.instance);
    starts.set(key, Math.min(startMs, starts.get(key) ?? Number.POSITIVE_INFINITY));
  }
  const freshFromMs = Math.max(beforeMs - freshForMs, firstMs + togetherMs);
  return {
    startOf: ({ service, instance }) => {
      const startMs = instance === '' ? undefined : starts.get(keyOf(service, instance));
      return startMs === undefined || startMs < freshFromMs ? null : startMs;
    },
  };
}
