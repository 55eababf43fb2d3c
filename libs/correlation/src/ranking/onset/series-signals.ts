/** Metrics as signals. */
import type { EvidenceResult, SeriesRow } from '@faultline/model';
import { periodOf } from '../rows/series-period.ts';
import { levelAndSpread } from '../statistics/robust.ts';
import { isOfNode, subjectOf } from '../vocabulary/metric-subject.ts';
import type { Signal } from './change-point.ts';
import { emptySums } from './sums.ts';

const badDirection: Readonly<Record<string, number>> = {
  latency: 1,
  errors: 1,
  success: -1,
  cpu: 1,
  memory: 1,
  pool: 1,
  queue: 1,
};

/** A metric moves by a tenth of itself in any hour, and a single call at an idle service is no trend. */
const relativeFloor = 0.1;

/** Two of the series' own spreads. */
const minSeriesStep = Math.asinh(2);

const maxPeriodMs = 90_000;
const latestPoints = 15;

/** A series in units of its own spread, with extremes compressed. Each point is one observation. Long periods cannot tell minutes apart. */
export function seriesSignal(row: SeriesRow, slices: EvidenceResult['slices']): Signal[] {
  const sign = badDirection[subjectOf(row.metric)] ?? 0;
  if (sign === 0 || isOfNode(row.metric) || row.points.length < 6 || !endsOff(row, sign)) return [];
  if (periodOf(row) > maxPeriodMs) return [];
  const { level, spread: own } = levelAndSpread(row.points.map(([, mean]) => mean));
  const spread = Math.max(own, relativeFloor * farthestOf(row), 1e-9);
  const sums = emptySums(slices.length);
  let slice = 0;
  for (const [atMs, mean] of row.points) {
    while (slice < slices.length && atMs >= (slices[slice]?.toMs ?? 0)) slice++;
    if (slice >= slices.length) break;
    sums.sums[slice] = (sums.sums[slice] ?? 0) + sign * Math.asinh((mean - level) / spread);
    sums.counts[slice] = (sums.counts[slice] ?? 0) + 1;
  }
  return [{ ...sums, service: row.service, variance: 1, minStep: minSeriesStep, twoSided: false }];
}

function farthestOf({ points }: SeriesRow): number {
  let most = 0;
  for (const [, mean] of points) most = Math.max(most, Math.abs(mean));
  return most;
}

/** Whether one of the latest points is worse than the average by at least a step. Most series are not, and need no closer look. */
function endsOff(row: SeriesRow, sign: number): boolean {
  let sum = 0;
  for (const [, mean] of row.points) sum += mean;
  const limit = sum / row.points.length;
  const floor = relativeFloor * farthestOf(row);
  return row.points.slice(-latestPoints).some(([, mean]) => sign * (mean - limit) > floor);
}
