/** Instances that were restarted since shortly before the harm, by their own counter; after memory had climbed, for want of memory. */
import type { SeriesRow } from '@faultline/model';
import type { Context } from '../compare/comparison.ts';
import { subjectOf } from '../compare/metric-shifts.ts';
import type { Finding } from '../finding/finding.ts';
import { formatSeconds } from '../finding/format.ts';
import { lookAtSeries } from '../finding/reference.ts';
import { levelAndSpread } from '../statistics/statistics.ts';

/** Memory may climb for minutes before anything is slow; the restart may come minutes after that. */
const leadMs = 300_000;
/** Half as much again as usual, and far outside of what is usual. */
const climbed = 1.5;
const minZ = 6;

interface Restart {
  readonly row: SeriesRow;
  readonly atMs: number;
  readonly hadClimbed: boolean;
}

/** Each instance that was restarted, in the order of the series. */
export function restartsOf(context: Context): Restart[] {
  const counters = (context.input.answer?.series ?? []).filter(({ metric }) => /restart/i.test(metric));
  const memory = (context.input.answer?.series ?? []).filter(({ metric }) => subjectOf(metric) === 'memory');
  return counters.flatMap((row) => {
    const atMs = restartedAtMs(row, context.onset.atMs - leadMs);
    return atMs === null
      ? []
      : [{ row, atMs, hadClimbed: memory.some((one) => one.instance === row.instance && hasClimbed(one, atMs)) }];
  });
}

export function restarts(context: Context): Finding[] {
  return [...Map.groupBy(restartsOf(context), ({ row }) => row.service)].map(([service, own]) => {
    const { row, atMs } = own.reduce((first, one) => (one.atMs < first.atMs ? one : first));
    const hadClimbed = own.some((one) => one.hadClimbed);
    return {
      kind: 'restarts',
      reason: 'restart',
      service,
      instance: own.length === 1 ? row.instance : '',
      causeKind: hadClimbed ? ('memory' as const) : ('down' as const),
      entity: row.instance === '' ? `service:${service}` : `pod:${row.instance}`,
      strength: hadClimbed ? 1 : 0.6,
      explainable: 0,
      summary: `${own.length === 1 ? row.instance || service : `${own.length} instances of ${service}`} restarted ${formatSeconds(atMs - context.onset.atMs)} ${atMs < context.onset.atMs ? 'before' : 'after'} the harm began${hadClimbed ? ', after memory had climbed' : ''}`,
      before: '0',
      during: String(own.length),
      look: lookAtSeries({ ...row, instance: own.length === 1 ? row.instance : '' }),
    };
  });
}

/** When the counter first rose after `fromMs`; null when it did not. A rate of a counter reads above zero there. */
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
