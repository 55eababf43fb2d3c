/** Signals for tests of the onset: the mean of each slice is set by hand. */
import type { TimeRange } from '@faultline/model';
import type { Signal } from '../onset/change-point.ts';

/** A signal of `api` with these means, from twenty observations in each slice. */
export function signal(means: readonly number[], fields: Partial<Signal> = {}): Signal {
  const counts = Float64Array.from(means, () => 20);
  const sums = Float64Array.from(means, (mean) => 20 * mean);
  return { service: 'api', sums, counts, variance: 0.25, minStep: 0.1, twoSided: true, ...fields };
}

/** Ten minutes of baseline, then so many slices of half a minute. */
export function halfMinutes(count: number): TimeRange[] {
  const since = Array.from({ length: count }, (_, i) => 600_000 + i * 30_000);
  return [{ fromMs: 0, toMs: 600_000 }, ...since.map((fromMs) => ({ fromMs, toMs: fromMs + 30_000 }))];
}
