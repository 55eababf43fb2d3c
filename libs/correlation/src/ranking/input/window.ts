/** The two windows of time that the ranking compares, and the gap between them. */
import type { TimeRange } from '@faultline/model';

/**
 * Which window a slice belongs to. `baseline`: before the incident. `incident`: since its onset. `gap`: in between, where the onset is
 * uncertain, so the slice counts for neither.
 */
export type Window = 'baseline' | 'incident' | 'gap';

/** The times that part the windows, in ms since the epoch. */
export interface WindowBounds {
  /** The baseline ends here. */
  readonly beforeToMs: number;
  /** The incident window begins here. */
  readonly duringFromMs: number;
}

/** The window of every slice. A baseline that reaches into the incident leaves no gap. */
export function windowsOf(slices: readonly TimeRange[], { beforeToMs, duringFromMs }: WindowBounds): Window[] {
  return slices.map(({ fromMs, toMs }): Window => {
    if (fromMs >= duringFromMs) return 'incident';
    return toMs <= beforeToMs || beforeToMs >= duringFromMs ? 'baseline' : 'gap';
  });
}
