/** A resource of one instance far from its own history, beyond what all instances share (a common rise is load, not a cause). */
import type { CauseKind } from '@faultline/model';
import type { Context } from '../compare/comparison.ts';
import { type SeriesShift, type SeriesSubject, subjectOf } from '../compare/metric-shifts.ts';
import { type Finding, minStrength } from '../finding/finding.ts';
import { formatRatio, formatValue } from '../finding/format.ts';
import { lookAtSeries } from '../finding/reference.ts';
import { halfSeriesZ } from '../statistics/effect-size.ts';
import { certainty, clamp, median } from '../statistics/statistics.ts';
import type { TuningName } from '../weigh/tuning.ts';

/** Resources that may be a mechanism by themselves: traffic follows load and latency, processor and memory seldom do. */
const resourceKinds: Partial<Record<SeriesSubject, CauseKind & TuningName>> = {
  cpu: 'cpu',
  memory: 'memory',
  disk: 'disk',
  pool: 'pool',
  queue: 'queue',
};

export function resources(context: Context): Finding[] {
  const shifts = context.shifts.filter(({ subject }) => resourceKinds[subject] !== undefined).map(({ shift }) => shift);
  const shortages = shortagesOf(shifts);
  const byMetric = Map.groupBy(shifts, ({ row }) => row.metric);
  return [...byMetric].flatMap(([metric, all]) => {
    const shared = all.length >= 4 ? Math.max(0, median(all.map(({ growth }) => growth))) : 0;
    return all.flatMap((shift) =>
      judge(shift, { subject: subjectOf(metric), shared, shortages, tests: shifts.length }),
    );
  });
}

/** The part of its limit that an instance's processor uses, where a metric tells; 1 from half on: less is not short, however much it grew. */
function shortagesOf(shifts: readonly SeriesShift[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { row, during } of shifts) {
    if (subjectOf(row.metric) !== 'cpu' || !/util|rate|percent|ratio/i.test(row.metric)) continue;
    if (row.unit !== '%' && row.unit !== '1') continue;
    const used = clamp((row.unit === '%' ? during / 100 : during) / 0.5, 0, 1);
    found.set(placeOf(row), Math.max(used, found.get(placeOf(row)) ?? 0));
  }
  return found;
}

function placeOf({ service, instance }: SeriesShift['row']): string {
  return `${service}\n${instance}`;
}

interface Judging {
  readonly subject: SeriesSubject;
  /** Growth that all instances have in common. */
  readonly shared: number;
  readonly shortages: ReadonlyMap<string, number>;
  readonly tests: number;
}

function judge(shift: SeriesShift, { subject, shared, shortages, tests }: Judging): Finding[] {
  const kind = resourceKinds[subject] ?? 'cpu';
  const { row, before, during, z } = shift;
  const growth = shift.growth - shared;
  if (growth <= 0 || z <= 0) return [];
  const short = kind === 'cpu' ? (shortages.get(placeOf(row)) ?? 1) : 1;
  const strength = short * (growth / (growth + 1)) * certainty(z, tests, halfSeriesZ);
  if (strength < minStrength) return [];
  return [
    {
      kind: 'resources',
      reason: kind,
      service: row.service,
      instance: row.instance,
      causeKind: kind,
      entity: row.instance === '' ? `service:${row.service}` : `pod:${row.instance}`,
      strength,
      explainable: 0,
      summary: `${row.metric} of ${row.instance || row.service}: ${formatValue(before, row.unit)} -> ${formatValue(during, row.unit)} (${formatRatio(during, before)}), far outside its own history`,
      before: formatValue(before, row.unit),
      during: formatValue(during, row.unit),
      look: lookAtSeries(row),
    },
  ];
}
