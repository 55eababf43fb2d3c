/** A resource of one instance far from its own history, beyond what all instances share (a common rise is load, not a cause). */
import type { CauseKind } from '@faultline/model';
import type { Context } from '../context.ts';
import { formatRatio, formatValue } from '../describe.ts';
import { halfSeriesZ } from '../effect-size.ts';
import { type Finding, minStrength } from '../finding.ts';
import { lookAtSeries } from '../look.ts';
import { type SeriesShift, type SeriesSubject, subjectOf } from '../series.ts';
import { certainty, clamp, median } from '../statistics.ts';
import type { TuningName } from '../tuning.ts';

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
  const byMetric = Map.groupBy(shifts, ({ row }) => row.metric);
  return [...byMetric].flatMap(([metric, all]) => {
    const shared = all.length >= 4 ? Math.max(0, median(all.map(({ growth }) => growth))) : 0;
    return all.flatMap((shift) => judge(shift, { subject: subjectOf(metric), shared, tests: shifts.length }));
  });
}

/** A processor at less than half of its limit is not short, however much it grew: told where the metric is a share of a limit. */
function shortage({ row, during }: SeriesShift, kind: CauseKind): number {
  if (kind !== 'cpu' || !/util|rate|percent|ratio/i.test(row.metric) || (row.unit !== '%' && row.unit !== '1'))
    return 1;
  return clamp((row.unit === '%' ? during / 100 : during) / 0.5, 0, 1);
}

function judge(
  shift: SeriesShift,
  { subject, shared, tests }: { subject: SeriesSubject; shared: number; tests: number },
): Finding[] {
  const kind = resourceKinds[subject] ?? 'cpu';
  const { row, before, during, z } = shift;
  const growth = shift.growth - shared;
  if (growth <= 0 || z <= 0) return [];
  const strength = shortage(shift, kind) * (growth / (growth + 1)) * certainty(z, tests, halfSeriesZ);
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
