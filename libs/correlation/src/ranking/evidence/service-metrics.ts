/**
 * Latency and failures as the service's own metrics tell them, less what its callees' metrics account for: what is added at a service
 * and not below it began there. The only view of a service without spans; beside spans it says nothing that they do not.
 */
import type { SeriesRow } from '@faultline/model';
import type { Context } from '../compare/comparison.ts';
import type { SeriesShift, SeriesSubject } from '../compare/metric-shifts.ts';
import { type Finding, minStrength } from '../finding/finding.ts';
import { formatPercent, formatValue } from '../finding/format.ts';
import { lookAtSeries } from '../finding/reference.ts';
import { halfGrowth, halfSeriesZ } from '../statistics/effect-size.ts';
import { certainty } from '../statistics/statistics.ts';
import { meshLinks } from './mesh-latency.ts';

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
  const links = subject === 'latency' ? meshLinks(context) : [];
  const accounts = [...levels].flatMap(([service, level]) =>
    accountOf(context, { service, level, levels, requests, links }),
  );
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
  readonly requests: ReadonlyMap<string, Requests>;
  readonly links: ReturnType<typeof meshLinks>;
}

function accountOf(context: Context, asking: Asked): Account[] {
  const { service, level, links, requests } = asking;
  if (context.traced.has(service) || level.rise <= 0 || !context.related.has(service)) return [];
  const total = level.rise * (requests.get(service)?.during ?? 1);
  const called = links.flatMap(({ from, to }) => (from === service ? [to] : []));
  const callees = new Set([...(context.callees.get(service) ?? []), ...called]);
  const below = [...callees].reduce((sum, callee) => sum + risenAt(callee, asking) * asked(context, callee, asking), 0);
  const own = Math.max(0, total - below);
  return [{ service, level, own, ownShare: own / total }];
}

/** What the service waits longer for a callee: as the callee tells, or as a mesh sees it from outside, the way there included. */
function risenAt(callee: string, { service, level, levels, links }: Asked): number {
  const own = levels.get(callee)?.rise ?? 0;
  const scale = secondsIn(level.shift.row.unit);
  return links.reduce(
    (most, { from, to, rise, unit }) =>
      from === service && to === callee ? Math.max(most, (rise * secondsIn(unit)) / scale) : most,
    Math.max(0, own),
  );
}

/** 1 where the unit says nothing: then two metrics are taken to have the same. */
function secondsIn(unit: string): number {
  return unit === 'ms' ? 1e-3 : unit === 'us' ? 1e-6 : unit === 'ns' ? 1e-9 : 1;
}

/**
 * Requests of the callee that come from this caller: its callers share them as they are asked themselves, at least as often as before, since
 * who waits longer asks less often. 1 when nobody counts.
 */
function asked(context: Context, callee: string, { service, requests, links }: Asked): number {
  const from = requests.get(service);
  const to = requests.get(callee);
  if (from === undefined) return 1;
  if (to === undefined) return from.during;
  const linked = links.flatMap((link) => (link.to === callee ? [link.from] : []));
  const callers = new Set([...(context.callers.get(callee) ?? []), ...linked, service]);
  const perRequest = (side: keyof Requests): number => {
    const all = [...callers].reduce((sum, caller) => sum + (requests.get(caller)?.[side] ?? 0), 0);
    return all <= 0 ? 0 : to[side] / all;
  };
  return from.during * Math.max(perRequest('before'), perRequest('during'));
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

/** How often a service is asked, in the metric's own unit. */
interface Requests {
  readonly before: number;
  readonly during: number;
}

function requestsOf({ shifts }: Context): Map<string, Requests> {
  const counts = new Map<string, Requests>();
  for (const { subject, shift } of shifts) {
    const known = counts.get(shift.row.service) ?? { before: 0, during: 0 };
    // Calls of the kernel follow requests, but are not requests.
    if (subject === 'requests' && shift.row.attributes === '' && !/syscall/i.test(shift.row.metric))
      counts.set(shift.row.service, {
        before: Math.max(known.before, shift.before),
        during: Math.max(known.during, shift.during),
      });
  }
  return counts;
}

function finding(
  subject: SeriesSubject,
  { service, level, own, ownShare }: Account,
  { total, tests }: { total: number; tests: number },
): Finding[] {
  const { shift, rise, base } = level;
  if (shift.z <= 0 || own <= 0) return [];
  // What its callees account for is no growth of its own.
  const risen = rise * ownShare;
  const growth = subject === 'latency' ? risen / Math.max(base, 1e-9) : failureGrowth * risen;
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
      look: lookAtSeries(shift.row),
    },
  ];
}

/** One or two of a hundred requests failing breaks the usual objectives, as half as much latency again does. */
const failureGrowth = 30;
