/**
 * A service that is hardly called any more, by its own count of requests, while its caller is called as before: the caller stopped
 * before it got there. What `steps` tells from spans, for when there are none.
 */
import type { Context } from '../compare/comparison.ts';
import type { SeriesShift } from '../compare/metric-shifts.ts';
import { type Finding, minStrength } from '../finding/finding.ts';
import { formatValue } from '../finding/format.ts';
import { lookAtSeries } from '../finding/reference.ts';
import { certainty } from '../statistics/statistics.ts';

/** Fewer than two in five is beyond what load and chance do to one service and not to its caller. */
const lostShare = 0.4;
const keptShare = 0.7;

export function lostCalls(context: Context): Finding[] {
  const requests = requestsOf(context);
  const seen = new Set(context.operations.filter(({ during }) => during.calls > 0).map((one) => one.service));
  return [...requests].flatMap(([service, shift]) => {
    if (shift.before <= 0 || shift.during > lostShare * shift.before) return [];
    const stoppers = (context.callers.get(service) ?? []).filter(
      (caller) => !seen.has(caller) && isKept(requests.get(caller)),
    );
    return stoppers.flatMap((caller) =>
      finding(caller, service, { shift, stoppers: stoppers.length, tests: requests.size, context }),
    );
  });
}

function requestsOf({ shifts }: Context): Map<string, SeriesShift> {
  const found = new Map<string, SeriesShift>();
  for (const { subject, shift } of shifts)
    if (subject === 'requests' && shift.row.attributes === '' && /request|calls|rps|qps/.test(shift.row.metric))
      if (!found.has(shift.row.service)) found.set(shift.row.service, shift);
  return found;
}

function isKept(shift: SeriesShift | undefined): boolean {
  return shift !== undefined && shift.before > 0 && shift.during >= keptShare * shift.before;
}

/** Counts arrive as Poisson does, in the best case; so the expected number tells how surprising the lack of them is. */
function surprise({ row, before, during }: SeriesShift, { input, onset }: Context): number {
  const { duringFromMs } = onset;
  const isRate = row.unit.includes('/s');
  const points = row.points.filter(([atMs]) => atMs >= duringFromMs).length;
  const times = isRate ? (input.nowMs - duringFromMs) / 1000 : Math.max(1, points);
  return ((before - during) * times) / Math.sqrt(Math.max(1, before * times));
}

function finding(
  caller: string,
  service: string,
  { shift, stoppers, tests, context }: { shift: SeriesShift; stoppers: number; tests: number; context: Context },
): Finding[] {
  const lost = 1 - shift.during / shift.before;
  const strength = (lost * certainty(surprise(shift, context), tests)) / stoppers;
  const [before, during] = [shift.before, shift.during].map((value) => formatValue(value, shift.row.unit));
  if (strength < minStrength) return [];
  return [
    {
      kind: 'lost-calls',
      reason: 'lostCalls',
      service: caller,
      instance: '',
      causeKind: 'code',
      entity: `edge:${caller} -> ${service}`,
      strength,
      explainable: 1,
      summary: `${caller} is called as before but hardly calls ${service} any more: ${shift.row.metric} there ${before} -> ${during}`,
      before: before ?? '',
      during: during ?? '',
      look: lookAtSeries(shift.row),
    },
  ];
}
