/** A resource of one instance far from its own history, beyond what all instances share (a common rise is load, not a cause). */
import type { CauseKind } from '@faultline/model';
import type { Context } from '../context.ts';
import { formatRatio, formatValue } from '../describe.ts';
import type { Finding } from '../finding.ts';
import { type SeriesShift, type SeriesSubject, subjectOf } from '../series.ts';
import { median, significance } from '../statistics.ts';
import { weights } from '../weights.ts';

/** How much a resource tells, by itself, of the cause: traffic follows load and latency, processor and memory seldom do. */
const resourceKinds: Partial<Record<SeriesSubject, { readonly kind: CauseKind; readonly trust: number }>> = {
  cpu: { kind: 'cpu', trust: 1 },
  memory: { kind: 'memory', trust: 0.7 },
  disk: { kind: 'disk', trust: 0.6 },
  pool: { kind: 'pool', trust: 0.5 },
  queue: { kind: 'queue', trust: 0.5 },
};

export function resources(context: Context): Finding[] {
  const shifts = context.shifts.filter(({ subject }) => resourceKinds[subject] !== undefined).map(({ shift }) => shift);
  const byMetric = Map.groupBy(shifts, ({ row }) => row.metric);
  return [...byMetric].flatMap(([metric, all]) => {
    const shared = all.length >= 4 ? Math.max(0, median(all.map(({ growth }) => growth))) : 0;
    return all.flatMap((shift) => judge(shift, subjectOf(metric), shared));
  });
}

function judge(shift: SeriesShift, subject: SeriesSubject, shared: number): Finding[] {
  const { kind, trust } = resourceKinds[subject] ?? { kind: 'cpu' as const, trust: 0 };
  const { row, before, during, z } = shift;
  const growth = shift.growth - shared;
  if (growth <= 0 || z <= 0) return [];
  const strength = (growth / (growth + 1)) * significance(z, weights.halfSeriesZ);
  const weight = weights.resource * trust * strength;
  if (weight < 0.05) return [];
  return [
    {
      kind: 'resources',
      service: row.service,
      instance: row.instance,
      causeKind: kind,
      entity: row.instance === '' ? `service:${row.service}` : `pod:${row.instance}`,
      weight,
      explainable: 0,
      summary: `${row.metric} of ${row.instance || row.service}: ${formatValue(before, row.unit)} -> ${formatValue(during, row.unit)} (${formatRatio(during, before)}), far outside its own history`,
      before: formatValue(before, row.unit),
      during: formatValue(during, row.unit),
    },
  ];
}
