/**
 * What the request metrics of an instance count, whatever attributes they have: Prometheus and OpenTelemetry tell requests apart by status,
 * route and method. Counters by status, the parts `_sum` and `_count` of a histogram, and histograms are read.
 */
import type { SeriesRow } from '@faultline/model';
import { subjectOf } from '../vocabulary/metric-subject.ts';
import { failingStatus } from '../vocabulary/request-status.ts';
import { keyOf } from './call-edge.ts';

/** One step of all series of one metric of an instance. */
export interface RequestStep {
  /** Requests, or requests per second. */
  readonly requests: number;
  readonly failed: number;
  /** Of all requests, in the metric's unit. Zero where the metric only counts. */
  readonly duration: number;
  /** Points of this step. */
  readonly points: number;
}

export interface RequestTotals {
  /** One of the series: its service, instance and unit are those of all. */
  readonly row: SeriesRow;
  readonly metric: string;
  /** Some series told a status. */
  readonly hasStatus: boolean;
  readonly hasDuration: boolean;
  /** In order of time, by start of step, ms. */
  readonly steps: readonly (readonly [atMs: number, step: RequestStep])[];
}

/** One series, read as requests or as their durations. */
interface Part {
  readonly row: SeriesRow;
  readonly metric: string;
  readonly isDuration: boolean;
  readonly stepOf: (point: SeriesRow['points'][number], isFailing: boolean) => RequestStep;
}

/** Those of all instances, in the order of their first series. */
export function requestTotals(series: readonly SeriesRow[]): RequestTotals[] {
  const names = new Set(series.map(({ metric }) => metric));
  const parts = series.flatMap((row) => partOf(row, names) ?? []);
  const groups = Map.groupBy(parts, ({ row, metric }) => keyOf(row.service, row.instance, metric));
  return [...groups.values()].flatMap((all) => sum(all) ?? []);
}

function partOf(row: SeriesRow, names: ReadonlySet<string>): Part | null {
  const { metric, attributes } = row;
  const base = metric.replace(/[._](?:sum|count)$/, '');
  const isSplit = base !== metric && names.has(`${base}_sum`) && names.has(`${base}_count`);
  if (isSplit && metric.endsWith('_sum')) return { row, metric: base, isDuration: true, stepOf: durationOnly };
  if (isSplit) return { row, metric: base, isDuration: false, stepOf: counted };
  const isCounter = failingStatus(attributes) !== null && subjectOf(metric) === 'requests';
  if (isCounter) return { row, metric, isDuration: false, stepOf: counted };
  return isHistogram(row) ? { row, metric, isDuration: true, stepOf: observed } : null;
}

/** Gauges of one statistic: their points count measurements and no requests. */
const oneStatistic = /average|mean|avg|median|p\d\d|quantile|percentile|max|min\b/i;

/** Durations by status are a histogram's: its points are means of so many requests. */
function isHistogram({ metric, attributes }: SeriesRow): boolean {
  if (failingStatus(attributes) === null || subjectOf(metric) !== 'latency') return false;
  return !oneStatistic.test(metric) && !/(?:^|,)quantile=/.test(attributes);
}

const counted: Part['stepOf'] = ([, mean, , points], isFailing) => ({
  requests: mean,
  failed: isFailing ? mean : 0,
  duration: 0,
  points,
});

const durationOnly: Part['stepOf'] = ([, mean]) => ({ requests: 0, failed: 0, duration: mean, points: 0 });

const observed: Part['stepOf'] = ([, mean, , count], isFailing) => ({
  requests: count,
  failed: isFailing ? count : 0,
  duration: mean * count,
  points: count,
});

function sum(all: readonly Part[]): RequestTotals | null {
  const [first] = all;
  if (first === undefined) return null;
  const sums = new Map<number, RequestStep>();
  for (const { row, stepOf } of all)
    for (const point of row.points)
      sums.set(point[0], added(sums.get(point[0]), stepOf(point, failingStatus(row.attributes) === true)));
  return {
    row: all.find(({ isDuration }) => isDuration)?.row ?? first.row,
    metric: first.metric,
    hasStatus: all.some(({ row }) => failingStatus(row.attributes) !== null),
    hasDuration: all.some(({ isDuration }) => isDuration),
    steps: [...sums].filter(([, { requests }]) => requests > 0).sort(([a], [b]) => a - b),
  };
}

function added(before: RequestStep | undefined, step: RequestStep): RequestStep {
  if (before === undefined) return step;
  return {
    requests: before.requests + step.requests,
    failed: before.failed + step.failed,
    duration: before.duration + step.duration,
    points: Math.max(before.points, step.points),
  };
}
