/**
 * The share of failing requests, from counters that tell requests apart by their status: Prometheus and OpenTelemetry count that way, and a
 * service without spans has no other sign of failure.
 */
import type { SeriesRow } from '@faultline/model';
import { subjectOf } from '../vocabulary/metric-subject.ts';
import { failingStatus } from '../vocabulary/request-status.ts';
import { keyOf } from './call-edge.ts';

const suffix = ' (failed share)';

/** The metric from whose series a row was derived; the row's own metric for all others. */
export function measuredMetric(metric: string): string {
  return metric.endsWith(suffix) ? metric.slice(0, -suffix.length) : metric;
}

/**
 * One row in percent for each instance and counter with a status, in the order of the series. A status that was never seen counts as none.
 * None where the series have these rows already.
 */
export function failedShares(series: readonly SeriesRow[]): SeriesRow[] {
  if (series.some(({ metric }) => metric.endsWith(suffix))) return [];
  const counted = series.flatMap((row) => {
    const isFailing = failingStatus(row.attributes);
    return isFailing === null || subjectOf(row.metric) !== 'requests' ? [] : [{ row, isFailing }];
  });
  const groups = Map.groupBy(counted, ({ row }) => keyOf(row.service, row.instance, row.metric));
  return [...groups.values()].flatMap((all) => shareOf(all));
}

interface Counted {
  readonly row: SeriesRow;
  readonly isFailing: boolean;
}

function shareOf(all: readonly Counted[]): SeriesRow[] {
  const [first] = all;
  if (first === undefined) return [];
  const sums = new Map<number, { failed: number; total: number; count: number }>();
  for (const { row, isFailing } of all)
    for (const [atMs, mean, , count] of row.points) {
      const sum = sums.get(atMs) ?? { failed: 0, total: 0, count: 0 };
      sums.set(atMs, sum);
      sum.total += mean;
      sum.failed += isFailing ? mean : 0;
      sum.count = Math.max(sum.count, count);
    }
  const points = [...sums]
    .filter(([, { total }]) => total > 0)
    .sort(([a], [b]) => a - b)
    .map(([atMs, { failed, total, count }]) => [atMs, (100 * failed) / total, (100 * failed) / total, count] as const);
  const history = { count: 0, min: 0, p01: 0, p25: 0, p50: 0, p75: 0, p99: 0, max: 0 };
  return [{ ...first.row, metric: first.row.metric + suffix, unit: '%', attributes: '', points, history }];
}
