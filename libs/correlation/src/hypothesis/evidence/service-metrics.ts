/**
 * Latency and failures as the service's own metrics tell them, less what its callees' metrics account for: what is added at a service
 * and not below it began there. The only view of a service without spans; beside spans it says nothing that they do not.
 */
import type { SeriesRow } from '@faultline/model';
import type { Context } from '../context.ts';
import { formatPercent, formatValue } from '../describe.ts';
import { halfGrowth, halfSeriesZ } from '../effect-size.ts';
import { type Finding, minStrength } from '../finding.ts';
import type { SeriesShift, SeriesSubject } from '../series.ts';
import { certainty } from '../statistics.ts';

/** What one service's metrics say: the mean of its latency or its share of failures, and how often it is asked. */
export interface Level {
  readonly shift: SeriesShift;
  /** Rise in the metric's unit; failures as a share. */
  readonly rise: number;
  readonly base: number;
}

export function serviceMetrics(context: Context): Finding[] {
  return [...judgeSubject(context, 'latency'), ...judgeSubject(context, 'success'), ...judgeSubject(context, 'errors')];
}

function judgeSubject(context: Context, subject: 'latency' | 'success' | 'errors'): Finding[] {
  const levels = levelsOf(context, subject);
  const requests = requestsOf(context);
  const accounts = [...levels].flatMap(([service, level]) => accountOf(context, { service, level, levels, requests }));
  const total = accounts.reduce((sum, { own }) => sum + own, 0);
  return accounts.flatMap((account) => finding(subject, account, { total, tests: levels.size }));
}

/** What one service's metrics add to the whole: over all its requests, and less what its callees added. */
interface Account {
  readonly service: string;
  readonly level: Level;
  readonly own: number;
  readonly ownShare: number;
}

interface Asked {
  readonly service: string;
  readonly level: Level;
  readonly levels: ReadonlyMap<string, Level>;
  readonly requests: ReadonlyMap<string, number>;
}

function accountOf(context: Context, { service, level, levels, requests }: Asked): Account[] {
  if (context.traced.has(service) || level.rise <= 0 || !context.related.has(service)) return [];
  const total = level.rise * (requests.get(service) ?? 1);
  const below = (context.callees.get(service) ?? []).reduce(
    (sum, callee) => sum + Math.max(0, levels.get(callee)?.rise ?? 0) * asked(service, callee, requests),
    0,
  );
  const own = Math.max(0, total - below);
  return [{ service, level, own, ownShare: own / total }];
}

/** Requests of the callee that may come from this caller: not more than its own. 1 when nobody counts. */
function asked(caller: string, callee: string, requests: ReadonlyMap<string, number>): number {
  const from = requests.get(caller) ?? 1;
  return Math.min(from, requests.get(callee) ?? from);
}

/** The mean where a series gives it, else the middle, else whatever moved most. */
const statisticOrder = [/average|mean|avg|_sum|\.sum/, /p50|median/, /./];

/** The series of the service as a whole, and not of its view of others. */
function isOwnView({ attributes, metric }: SeriesRow): boolean {
  return attributes === '' && !/client|upstream|outbound/.test(metric.toLowerCase());
}

/** Of each service that has one, the series that speaks for it as a whole. */
export function levelsOf({ shifts: all }: Context, subject: SeriesSubject): Map<string, Level> {
  const own = all.filter((one) => one.subject === subject && isOwnView(one.shift.row)).map(({ shift }) => shift);
  const levels = new Map<string, Level>();
  for (const [service, shifts] of Map.groupBy(own, ({ row }) => row.service)) {
    const lead = statisticOrder.flatMap((words) => shifts.find(({ row }) => words.test(row.metric)) ?? [])[0];
    if (lead === undefined) continue;
    const sign = subject === 'success' ? -1 : 1;
    const scale = subject === 'latency' ? 1 : lead.row.unit === '%' ? 100 : 1;
    levels.set(service, {
      shift: { ...lead, z: lead.z * sign },
      rise: (sign * (lead.during - lead.before)) / scale,
      base: lead.before / scale,
    });
  }
  return levels;
}

function requestsOf({ shifts }: Context): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { subject, shift } of shifts)
    if (subject === 'requests' && shift.row.attributes === '')
      counts.set(shift.row.service, Math.max(counts.get(shift.row.service) ?? 0, shift.during));
  return counts;
}

function finding(
  subject: SeriesSubject,
  { service, level, own, ownShare }: Account,
  { total, tests }: { total: number; tests: number },
): Finding[] {
  const { shift, rise, base } = level;
  if (shift.z <= 0 || own <= 0) return [];
  const growth = subject === 'latency' ? rise / Math.max(base, 1e-9) : failureGrowth * rise;
  // Failures count by their number; of latency, as with spans, the root of the share.
  const size = subject === 'latency' ? Math.sqrt(own / total) : own / total;
  const strength = size * (growth / (growth + halfGrowth)) * certainty(shift.z, tests, halfSeriesZ);
  if (strength < minStrength) return [];
  const [before, during] = [shift.before, shift.during].map((value) => formatValue(value, shift.row.unit));
  return [
    {
      kind: 'service-metrics',
      reason: subject === 'latency' ? 'serviceLatency' : 'serviceErrors',
      service,
      instance: shift.row.instance,
      causeKind: subject === 'latency' ? 'latency' : 'error',
      entity: `service:${service}`,
      strength,
      explainable: 0,
      summary: `${shift.row.metric} of ${service}: ${before} -> ${during}; ${formatPercent(ownShare)} of the change is not in what it calls, and it is ${formatPercent(own / total)} of what was added anywhere`,
      before: before ?? '',
      during: during ?? '',
    },
  ];
}

/** One or two of a hundred requests failing breaks the usual objectives, as half as much latency again does. */
const failureGrowth = 30;
