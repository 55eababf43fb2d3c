/** What signals are made of: sums and counts by slice. */
import type { Signal } from './change-point.ts';

/** The sum of the observations of each slice, and how many they are. */
export type Sums = { sums: Float64Array; counts: Float64Array };

/** Sums over this many slices, without any observation. */
export const emptySums = (slices: number): Sums => ({
  sums: new Float64Array(slices),
  counts: new Float64Array(slices),
});

/** Adds hits out of tries. */
export function addShares(rows: readonly { slice: number; hits: number; of: number }[], { sums, counts }: Sums): void {
  for (const { slice, hits, of } of rows) {
    sums[slice] = (sums[slice] ?? 0) + hits;
    counts[slice] = (counts[slice] ?? 0) + of;
  }
}

/** A share as a signal. Its variance is that of a yes or no. */
export function shareSignal(service: string, sums: Sums, limits: Pick<Signal, 'minStep' | 'twoSided'>): Signal {
  const share = (total(sums.sums) + 1) / (total(sums.counts) + 2);
  return { ...sums, ...limits, service, variance: Math.min(0.25, share * (1 - share)) };
}

/** The sum of all slices. */
export function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
