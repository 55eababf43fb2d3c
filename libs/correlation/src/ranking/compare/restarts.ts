/** Instances that were restarted around the onset. */
import type { SeriesRow } from '@faultline/model';
import { levelAndSpread } from '../statistics/robust.ts';
import { subjectOf } from '../vocabulary/metric-subject.ts';
import type { Comparison } from './comparison.ts';

/** Memory may climb for minutes before anything is slow, and the restart may come minutes after that. */
const leadMs = 300_000;
/** Half as much again as usual, and far outside of what is usual. */
const climbed = 1.5;
const minZ = 6;

export interface Restart {
  /** The counter of restarts. */
  readonly row: SeriesRow;
  readonly atMs: number;
  /** Whether the instance's memory had climbed before. */
  readonly hadClimbed: boolean;
}

/** Each instance that was restarted, in the order of the series. */
export function restartsOf({ input, onset }: Pick<Comparison, 'input' | 'onset'>): Restart[] {
  const series = input.answer?.series ?? [];
  const counters = series.filter(({ metric }) => /restart/i.test(metric));
  const memory = series.filter(({ metric }) => subjectOf(metric) === 'memory');
  return counters.flatMap((row) => {
    const atMs = restartedAtMs(row, onset.atMs - leadMs);
    return atMs === null
      ? []
      : [{ row, atMs, hadClimbed: memory.some((one) => one.instance === row.instance && hasClimbed(one, atMs)) }];
  });
}

/** When the counter first rose after `fromMs`; null when it did not. The rate of a counter reads above zero there. */
function restartedAtMs({ points }: SeriesRow, fromMs: number): number | null {
  const earlier = points.filter(([atMs]) => atMs < fromMs);
  const usual = earlier.length === 0 ? (points[0]?.[1] ?? 0) : Math.max(...earlier.map(([, , max]) => max));
  return points.find(([atMs, , max]) => atMs >= fromMs && max > usual)?.[0] ?? null;
}

function hasClimbed({ points }: SeriesRow, restartMs: number): boolean {
  const early = points.filter(([atMs]) => atMs < restartMs - leadMs).map(([, mean]) => mean);
  const late = points.filter(([atMs]) => atMs >= restartMs - leadMs && atMs <= restartMs).map(([, , max]) => max);
  if (early.length < 3 || late.length === 0) return false;
  const { level, spread } = levelAndSpread(early);
  const peak = Math.max(...late);
  return peak > climbed * level && peak - level > minZ * spread;
}
