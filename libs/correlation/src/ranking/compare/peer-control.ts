/** What a series of a fresh instance is compared with: the same series of the instances that ran before it, as in a canary analysis. */
import type { SeriesRow } from '@faultline/model';
import type { WindowBounds } from '../input/window.ts';
import { keyOf } from '../rows/call-edge.ts';
import { freshInstances } from '../rows/fresh-instances.ts';
import { subjectOf } from '../vocabulary/metric-subject.ts';

/** Loading classes, filling caches and opening connections takes this long after any start. It makes calls slow, and lets none fail. */
const warmUpMs = 90_000;

function warmUpOf({ metric }: SeriesRow): number {
  const subject = subjectOf(metric);
  return subject === 'errors' || subject === 'success' ? 0 : warmUpMs;
}

/**
 * The row with the past of its peers in place of its own, and without its first minutes; unchanged for an instance that ran before. Without
 * points when it has not warmed up.
 */
export type PeerControl = (row: SeriesRow) => SeriesRow;

/** Instances that a release replaced count as peers: they show what is usual for the service. */
export function peerControl(series: readonly SeriesRow[], { beforeToMs }: WindowBounds): PeerControl {
  const fresh = freshInstances(series, beforeToMs);
  const pasts = new Map<string, SeriesRow['points'][number][]>();
  const nameOf = ({ service, metric, attributes }: SeriesRow): string => keyOf(service, metric, attributes);
  for (const row of series)
    if (row.instance !== '' && fresh.startOf(row) === null) {
      const past = pasts.get(nameOf(row)) ?? [];
      pasts.set(nameOf(row), past);
      for (const point of row.points) if (point[0] < beforeToMs) past.push(point);
    }
  return (row) => {
    const startMs = fresh.startOf(row);
    if (startMs === null) return row;
    const past = (pasts.get(nameOf(row)) ?? []).toSorted(([a], [b]) => a - b);
    const warm = row.points.filter(([atMs]) => atMs >= startMs + warmUpOf(row));
    // Without peers only its own past is left.
    if (past.length === 0) return { ...row, points: warm };
    return { ...row, points: [...past, ...warm.filter(([atMs]) => atMs >= beforeToMs)] };
  };
}
