/**
 * How much more a share or a duration varied from slice to slice in the baseline than chance makes it vary. Load, data and gaps in history
 * move it all the time. Tests divide by its root (quasi-likelihood: McCullagh and Nelder, 1989, section 4.5).
 */
import type { Histogram } from '@faultline/model';
import type { Window } from '../input/window.ts';

/** Slices of prior weight for "no more than chance", since few slices cannot tell. */
const priorSlices = 5;
/** From this many slices on, the most unusual one is left out. It may hold the start of the harm, or a spike that has passed. */
const trimFrom = 5;
/** A larger value only says that the slices are of different kinds. */
const maxDispersion = 50;

/** What one slice holds: the sum and the number of its observations. */
export interface SliceSum {
  readonly sum: number;
  readonly n: number;
}

/** Chi-square per degree of freedom around the common mean, at least 1. `variance` is that of one observation. */
export function dispersionOf(slices: readonly SliceSum[], variance: (mean: number) => number): number {
  const held = slices.filter(({ n }) => n > 0);
  const n = held.reduce((sum, one) => sum + one.n, 0);
  if (held.length < 2) return 1;
  const mean = held.reduce((sum, one) => sum + one.sum, 0) / n;
  const noise = Math.max(variance(mean), 1e-9);
  const parts = held.map((one) => (one.n * (one.sum / one.n - mean) ** 2) / noise).sort((a, b) => a - b);
  if (parts.length >= trimFrom) parts.pop();
  const chiSquare = parts.reduce((sum, part) => sum + part, 0);
  const dispersion = (chiSquare + priorSlices) / (parts.length - 1 + priorSlices);
  return Math.min(maxDispersion, Math.max(1, dispersion));
}

/** Calls of each slice and how many of them were hit, for tests that look at single slices. */
export function countsBySlice<Row extends { readonly slice: number; readonly calls: number }>(
  rows: readonly Row[],
  slices: number,
  hit: (row: Row) => number,
): { hits: Float64Array; of: Float64Array } {
  const [hits, of] = [new Float64Array(slices), new Float64Array(slices)];
  for (const row of rows) {
    of[row.slice] = (of[row.slice] ?? 0) + row.calls;
    hits[row.slice] = (hits[row.slice] ?? 0) + hit(row);
  }
  return { hits, of };
}

/** The same for shares: `hits` of `of` in each slice of the baseline. One success and one failure are added to the variance of the mean. */
export function shareDispersion(hits: ArrayLike<number>, of: ArrayLike<number>, windows: readonly Window[]): number {
  const slices: SliceSum[] = [];
  let total = 0;
  for (let slice = 0; slice < of.length; slice++) {
    const n = windows[slice] === 'baseline' ? (of[slice] ?? 0) : 0;
    if (n > 0) slices.push({ sum: Math.min(n, hits[slice] ?? 0), n });
    total += n;
  }
  return dispersionOf(slices, (mean) => {
    const share = (mean * total + 1) / (total + 2);
    return share * (1 - share);
  });
}

/** Histograms of durations by slice. */
export type TimeSlices = readonly { readonly slice: number; readonly histogram: Histogram }[];

/** For the level of durations. Buckets are a log scale, on which their spread is about even. */
export function levelDispersion(rows: TimeSlices, windows: readonly Window[]): number {
  const sums = new Map<number, { sum: number; n: number }>();
  let [n, squares] = [0, 0];
  for (const { slice, histogram } of rows) {
    if (windows[slice] !== 'baseline') continue;
    const own = sums.get(slice) ?? { sum: 0, n: 0 };
    sums.set(slice, own);
    for (const [bucket, count] of histogram) {
      own.sum += count * bucket;
      own.n += count;
      n += count;
      squares += count * bucket * bucket;
    }
  }
  return n === 0 ? 1 : dispersionOf([...sums.values()], (mean) => squares / n - mean * mean);
}

/** For the share of durations beyond a bucket. */
export function tailDispersion(rows: TimeSlices, windows: readonly Window[], beyond: number): number {
  const hits = new Float64Array(windows.length);
  const of = new Float64Array(windows.length);
  for (const { slice, histogram } of rows)
    for (const [bucket, count] of histogram) {
      of[slice] = (of[slice] ?? 0) + count;
      if (bucket > beyond) hits[slice] = (hits[slice] ?? 0) + count;
    }
  return shareDispersion(hits, of, windows);
}
