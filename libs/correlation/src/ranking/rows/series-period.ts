/** How often a metric series reports. */
import type { SeriesRow } from '@faultline/model';
import { median } from '../statistics/robust.ts';

/** Enough gaps to find the usual one. */
const maxGaps = 9;

/** The reporting period of a series: the median distance of its last points, in ms. 0 with fewer than two points. */
export function periodOf({ points }: SeriesRow): number {
  const last = points.slice(-maxGaps - 1);
  const gaps = last.slice(1).map(([atMs], i) => atMs - (last[i]?.[0] ?? atMs));
  return gaps.length === 0 ? 0 : median(gaps);
}
