/** What signals are made of: sums and counts, slice by slice. */
import type { Signal } from './change-point.ts';

/** Of each slice, the sum of what was observed and the number of observations. */
export type Sums = { sums: Float64Array; counts: Float64Array };

/** Nothing observed in so many slices. */
export const emptySums = (slices: number): Sums => ({
  sums: new Float64Array(slices),
  counts: new Float64Array(slices),
});

/** Adds hits among tries. */
export function addShares(rows: readonly { slice: number; hits: number; of: number }[], { sums, counts }: Sums): void {
  for (const { slice, hits, of } of rows) {
    sums[slice] = (sums[slice] ?? 0) + hits;
    counts[slice] = (counts[slice] ?? 0) + of;
  }
}

/** A share as a signal, with the variance of a yes or no. */
export function shareSignal(service: string, sums: Sums, limits: Pick<Signal, 'minStep' | 'twoSided'>): Signal {
  const share = (total(sums.sums) + 1) / (total(sums.counts) + 2);
  return { ...sums, ...limits, service, variance: Math.min(0.25, share * (1 - share)) };
}

/** The sum of all slices. */
export function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
