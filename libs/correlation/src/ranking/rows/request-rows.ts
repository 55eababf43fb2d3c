/**
 * Rows that speak for an instance as a whole, made from request metrics with attributes: the number of its requests, the
 * share of those that fail and their mean duration. A service without spans has no other sign of them.
 */
import type { SeriesRow } from '@faultline/model';
import { type Made, madeMetric, madeSubject } from '../vocabulary/made-metric.ts';
import { type RequestStep, type RequestTotals, requestTotals } from './request-totals.ts';

/** The rows of each instance and metric, in the order of the series. None where the series have these rows already. */
export function requestRows(series: readonly SeriesRow[]): SeriesRow[] {
  if (series.some(({ metric }) => madeSubject(metric) !== null)) return [];
  return requestTotals(series).flatMap((totals) => [
    ...failedShare(totals),
    ...meanDuration(totals),
    rowOf(totals, 'number', '{request}', ({ requests }) => requests),
  ]);
}

/** In percent. A status that was never seen counts as none. */
function failedShare(totals: RequestTotals): SeriesRow[] {
  if (!totals.hasStatus) return [];
  return [rowOf(totals, 'failed share', '%', ({ failed, requests }) => (100 * failed) / requests)];
}

function meanDuration(totals: RequestTotals): SeriesRow[] {
  if (!totals.hasDuration) return [];
  return [rowOf(totals, 'mean', totals.row.unit, ({ duration, requests }) => duration / requests)];
}

const noHistory = { count: 0, min: 0, p01: 0, p25: 0, p50: 0, p75: 0, p99: 0, max: 0 };

function rowOf(
  { row, metric, steps }: RequestTotals,
  what: Made,
  unit: string,
  measure: (step: RequestStep) => number,
): SeriesRow {
  const points = steps.map(([atMs, step]) => [atMs, measure(step), measure(step), step.points] as const);
  return { ...row, metric: madeMetric(metric, what), unit, attributes: '', points, history: noHistory };
}
