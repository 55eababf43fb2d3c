/** Instances that were restarted around the onset. */
import type { SeriesRow } from '@faultline/model';
import { levelAndSpread } from '../statistics/robust.ts';
import { isKilledForMemory } from '../vocabulary/alert-mechanism.ts';
import { subjectOf } from '../vocabulary/metric-subject.ts';
import type { Comparison } from './comparison.ts';

/** Memory may climb for minutes before anything is slow, and the restart may come minutes after that. */
const leadMs = 300_000;
/** Half as much again as usual, and far outside of what is usual. */
const climbed = 1.5;
const minZ = 6;
/** Sampled every half minute, the last value before a kill is a little below the limit. */
const nearLimit = 0.9;

/** `climbed`: its memory had climbed before. `at-limit`: it used nearly all that it may. `killed`: the platform says so. */
export type MemorySign = 'climbed' | 'at-limit' | 'killed';

export interface Restart {
  /** The counter of restarts. */
  readonly row: SeriesRow;
  readonly atMs: number;
  /** How it is known that the instance ran out of memory; null: it is not. */
  readonly memory: MemorySign | null;
}

/** Each instance that was restarted, in the order of the series. */
export function restartsOf({ input, onset }: Pick<Comparison, 'input' | 'onset'>): Restart[] {
  const series = input.answer?.series ?? [];
  const counters = series.filter(({ metric }) => /restart/i.test(metric));
  return counters.flatMap((row) => {
    const atMs = restartedAtMs(row, onset.atMs - leadMs);
    if (atMs === null) return [];
    const own = series.filter(({ service, instance }) => service === row.service && instance === row.instance);
    return [{ row, atMs, memory: memorySign(own, atMs, onset.atMs - leadMs) }];
  });
}

function memorySign(own: readonly SeriesRow[], restartMs: number, fromMs: number): MemorySign | null {
  const memory = own.filter(({ metric }) => subjectOf(metric) === 'memory');
  if (own.some((row) => isKill(row) && restartedAtMs(row, fromMs) !== null)) return 'killed';
  if (memory.some((row) => hasClimbed(row, restartMs))) return 'climbed';
  return memory.some((row) => isAtLimit(row, memory, restartMs)) ? 'at-limit' : null;
}

/** Counters of kills for memory, as of cAdvisor, and the reason of the last termination, as of kube-state-metrics. */
function isKill({ metric, attributes }: SeriesRow): boolean {
  return /oom/i.test(metric) || (/terminated_reason/i.test(metric) && isKilledForMemory(attributes));
}

/** Nearly all of its limit: the share that is used, or the use beside a metric of the limit. Climbing for hours shows no step, but it ends here. */
function isAtLimit(row: SeriesRow, memory: readonly SeriesRow[], restartMs: number): boolean {
  const peak = Math.max(...row.points.filter(([atMs]) => isShortlyBefore(atMs, restartMs)).map(([, , max]) => max));
  if (/limit/i.test(row.metric) && !/util|ratio|percent/i.test(row.metric)) return false;
  if (/util|ratio|percent/i.test(row.metric)) return peak >= nearLimit * (row.unit === '%' ? 100 : 1);
  const limit = memory.find(({ metric, unit }) => /limit/i.test(metric) && unit === row.unit && metric !== row.metric);
  const last = limit?.points.at(-1)?.[1] ?? 0;
  return last > 0 && peak >= nearLimit * last;
}

function isShortlyBefore(atMs: number, restartMs: number): boolean {
  return atMs >= restartMs - leadMs && atMs <= restartMs;
}

/** When the counter first rose after `fromMs`; null when it did not. The rate of a counter reads above zero there. */
function restartedAtMs({ points }: SeriesRow, fromMs: number): number | null {
  const earlier = points.filter(([atMs]) => atMs < fromMs);
  const usual = earlier.length === 0 ? (points[0]?.[1] ?? 0) : Math.max(...earlier.map(([, , max]) => max));
  return points.find(([atMs, , max]) => atMs >= fromMs && max > usual)?.[0] ?? null;
}

function hasClimbed({ points }: SeriesRow, restartMs: number): boolean {
  const early = points.filter(([atMs]) => atMs < restartMs - leadMs).map(([, mean]) => mean);
  const late = points.filter(([atMs]) => isShortlyBefore(atMs, restartMs)).map(([, , max]) => max);
  if (early.length < 3 || late.length === 0) return false;
  const { level, spread } = levelAndSpread(early);
  const peak = Math.max(...late);
  return peak > climbed * level && peak - level > minZ * spread;
}
