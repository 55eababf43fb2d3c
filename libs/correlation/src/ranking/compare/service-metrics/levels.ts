/** The metrics that speak for a service as a whole. */
import type { SeriesRow } from '@faultline/model';
import type { Comparison } from '../comparison.ts';
import type { SeriesShift } from '../metric-shifts.ts';

/** What a service's own metric says: the mean of its latency, or its share of failures. */
export interface ServiceLevel {
  readonly shift: SeriesShift;
  /** The rise in the metric's unit; failures as a share. */
  readonly rise: number;
  readonly base: number;
}

export type ServiceSubject = 'latency' | 'success' | 'errors';

/** The mean if there is a series of it, else the median, else whatever there is. */
const statisticOrder = [/ \(mean\)$/, /average|mean|avg|_sum|\.sum/, /p50|median/, /./];

/** A series of the service itself, and not of its view of others. */
function isOwnView({ attributes, metric }: SeriesRow): boolean {
  return attributes === '' && !/client|upstream|outbound/.test(metric.toLowerCase());
}

/** For each service that has one, the series that speaks for it as a whole. */
export function levelsOf(
  { shifts: all }: Pick<Comparison, 'shifts'>,
  subject: ServiceSubject,
): Map<string, ServiceLevel> {
  const own = all.filter((one) => one.subject === subject && isOwnView(one.shift.row)).map(({ shift }) => shift);
  const levels = new Map<string, ServiceLevel>();
  for (const [service, shifts] of Map.groupBy(own, ({ row }) => row.service)) {
    const sign = subject === 'success' ? -1 : 1;
    const lead = leadOf(shifts, sign);
    if (lead === undefined) continue;
    const scale = subject === 'latency' ? 1 : lead.row.unit === '%' ? 100 : 1;
    levels.set(service, {
      shift: { ...lead, z: lead.z * sign },
      rise: (sign * (lead.during - lead.before)) / scale,
      base: lead.before / scale,
    });
  }
  return levels;
}

/** Of the best statistic that there is, the instance that got worst: a bad release may run on one of many. */
function leadOf(shifts: readonly SeriesShift[], sign: 1 | -1): SeriesShift | undefined {
  const best = statisticOrder
    .map((words) => shifts.filter(({ row }) => words.test(row.metric)))
    .find((some) => some.length > 0);
  const metric = best?.[0]?.row.metric;
  return best
    ?.filter(({ row }) => row.metric === metric)
    .reduce((worst, one) => (sign * one.z > sign * worst.z ? one : worst));
}

/** How often a service is asked, in the metric's own unit. */
export interface RequestLevel {
  readonly before: number;
  readonly during: number;
}

/** System calls follow requests, and requests in work are no count of them. */
const noCount = /syscall|active|in[._]?flight|concurren/i;

/** The largest count of requests of each service. */
export function requestLevels({ shifts }: Pick<Comparison, 'shifts'>): Map<string, RequestLevel> {
  const counts = new Map<string, RequestLevel>();
  for (const { subject, shift } of shifts) {
    const known = counts.get(shift.row.service) ?? { before: 0, during: 0 };
    if (subject === 'requests' && shift.row.attributes === '' && !noCount.test(shift.row.metric))
      counts.set(shift.row.service, {
        before: Math.max(known.before, shift.before),
        during: Math.max(known.during, shift.during),
      });
  }
  return counts;
}

/** The first series of each service that counts its requests. */
export function requestCounts({ shifts }: Pick<Comparison, 'shifts'>): Map<string, SeriesShift> {
  const found = new Map<string, SeriesShift>();
  for (const { subject, shift } of shifts)
    if (subject === 'requests' && shift.row.attributes === '' && /request|calls|rps|qps/.test(shift.row.metric))
      if (!found.has(shift.row.service)) found.set(shift.row.service, shift);
  return found;
}

/** From this part of a rise on it belongs to another service. */
export const mostOf = 0.5;
