/** A bad release is a step, although its instances have no past of their own: they follow the instances that ran before. */
import type { SeriesRow } from '@faultline/model';
import { keyOf } from '../rows/call-edge.ts';
import type { FreshInstances } from '../rows/fresh-instances.ts';
import { subjectOf } from '../vocabulary/metric-subject.ts';

/** What a start itself changes, such as memory, is no harm. How an instance answers is. */
const answers: ReadonlySet<string> = new Set(['latency', 'errors', 'success']);

/** Sums of all instances at one time. */
interface Step {
  sum: number;
  count: number;
}

/**
 * Returns what an instance answers as a signal may read it. One that ran before: its row. A fresh one: the mean of its peers up to its start,
 * then its own points. Null where a fresh instance has no peers, and for what a start changes.
 */
export function afterPeers(
  series: readonly SeriesRow[],
  { startOf }: FreshInstances,
): (row: SeriesRow) => SeriesRow | null {
  const nameOf = ({ service, metric, attributes }: SeriesRow): string => keyOf(service, metric, attributes);
  const wanted = new Set(
    series.filter((row) => startOf(row) !== null && answers.has(subjectOf(row.metric))).map((row) => nameOf(row)),
  );
  const past = new Map<string, Map<number, Step>>();
  for (const row of series)
    if (row.instance !== '' && startOf(row) === null && wanted.has(nameOf(row))) addTo(past, nameOf(row), row);
  return (row) => {
    const startMs = startOf(row);
    if (startMs === null) return row;
    const before = meansBefore(past.get(nameOf(row)), startMs);
    return before.length === 0 ? null : { ...row, points: [...before, ...row.points] };
  };
}

function addTo(past: Map<string, Map<number, Step>>, name: string, { points }: SeriesRow): void {
  const steps = past.get(name) ?? new Map<number, Step>();
  past.set(name, steps);
  for (const [atMs, mean] of points) {
    const step = steps.get(atMs) ?? { sum: 0, count: 0 };
    steps.set(atMs, step);
    step.sum += mean;
    step.count += 1;
  }
}

function meansBefore(steps: ReadonlyMap<number, Step> | undefined, startMs: number): SeriesRow['points'] {
  return [...(steps ?? [])]
    .filter(([atMs]) => atMs < startMs)
    .sort(([a], [b]) => a - b)
    .map(([atMs, { sum, count }]) => [atMs, sum / count, sum / count, count] as const);
}
