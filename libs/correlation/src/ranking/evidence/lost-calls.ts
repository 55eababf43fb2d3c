/**
 * A service that is hardly called any more, by its own count of requests, while its caller is called as before: the caller stopped before it
 * got there. `pattern-shift` finds this in spans; here there are none.
 */
import type { Comparison } from '../compare/comparison.ts';
import type { SeriesShift } from '../compare/metric-shifts.ts';
import { levelsOf, requestCounts, type ServiceLevel } from '../compare/service-metrics/levels.ts';
import { type Detection, type Finding, minStrength } from '../finding/finding.ts';
import { formatValue } from '../finding/format.ts';
import { evidenceKind, type RefutationInputs } from '../finding/kind.ts';
import { referenceToSeries } from '../finding/reference.ts';
import { notRun, type Refutation, refuted, survived } from '../finding/refutation.ts';
import { logOdds } from '../finding/weight.ts';
import type { CallEdge } from '../rows/call-edge.ts';
import { certainty } from '../statistics/proportions.ts';

/** Fewer than two in five: load and chance do not do that to one service and not to its caller. */
const lostShare = 0.4;
const keptShare = 0.7;

interface Facts {
  readonly edge: CallEdge;
  readonly shift: SeriesShift;
}
type Found = Detection<'lostCalls', Facts>;
type Inputs = Pick<Comparison, 'shifts' | 'operations' | 'callers' | 'input' | 'onset'>;

export const lostCalls = evidenceKind({
  name: 'lost-calls',
  signal: 'metrics',
  weights: {
    lostCalls: logOdds(3.5, 'requests stopped arriving, by count: like a vanished call, seen from further away'),
  },
  traits: { failsCallers: true, visibleToCallers: true, measuredByMetrics: true },
  detect(inputs: Inputs): Found[] {
    const requests = requestCounts(inputs);
    const seen = new Set(inputs.operations.filter(({ during }) => during.calls > 0).map((one) => one.service));
    return [...requests].flatMap(([service, shift]) => {
      if (shift.before <= 0 || shift.during > lostShare * shift.before) return [];
      const stopped = (inputs.callers.get(service) ?? []).filter(
        (caller) => !seen.has(caller) && isKept(requests.get(caller)),
      );
      return stopped.flatMap((caller) =>
        judge({ edge: { caller, callee: service }, shift }, { inputs, stopped: stopped.length, tests: requests.size }),
      );
    });
  },
  describe: ({ facts: { edge, shift } }) => {
    const [before, during] = [formatValue(shift.before, shift.row.unit), formatValue(shift.during, shift.row.unit)];
    return {
      summary: `${edge.caller} is called as before but hardly calls ${edge.callee} any more: its ${shift.row.metric} ${before} -> ${during}`,
      before,
      during,
    };
  },
  reference: ({ facts }) => referenceToSeries(facts.shift.row),
  refute: calleeRejects,
});

function isKept(shift: SeriesShift | undefined): boolean {
  return shift !== undefined && shift.before > 0 && shift.during >= keptShare * shift.before;
}

/** How surprising the lack of calls is. Counts vary as Poisson does in the best case, so the expected number tells. */
function surpriseOf({ row, before, during }: SeriesShift, { input, onset }: Inputs): number {
  const { duringFromMs } = onset;
  const isRate = row.unit.includes('/s');
  const points = row.points.filter(([atMs]) => atMs >= duringFromMs).length;
  const times = isRate ? (input.nowMs - duringFromMs) / 1000 : Math.max(1, points);
  return ((before - during) * times) / Math.sqrt(Math.max(1, before * times));
}

interface Judging {
  readonly inputs: Inputs;
  /** How many callers share the blame. */
  readonly stopped: number;
  readonly tests: number;
}

function judge(facts: Facts, { inputs, stopped, tests }: Judging): Found[] {
  const { edge, shift } = facts;
  const lost = 1 - shift.during / shift.before;
  const strength = (lost * certainty(surpriseOf(shift, inputs), tests)) / stopped;
  if (strength < minStrength) return [];
  return [{ weightName: 'lostCalls', service: edge.caller, faultType: 'code', edge, strength, explainable: 1, facts }];
}

const subjects = ['latency', 'errors', 'success'] as const;

/** Calls that no longer arrive are the caller's doing, unless the callee rejects them. */
function calleeRejects(
  inputs: Pick<RefutationInputs, 'shifts' | 'related'>,
  { edge }: Pick<Finding, 'edge'>,
): Refutation {
  const { caller, callee } = edge ?? { caller: '', callee: '' };
  const test = `Does ${callee} reject the calls of ${caller}?`;
  const levels = subjects.map((subject) => levelsOf(inputs, subject).get(callee)).filter((one) => one !== undefined);
  if (levels.length === 0) return notRun(test, `no metric of ${callee} shows latency or failures`);
  return inputs.related.has(callee) && levels.some(isOff)
    ? refuted(test, 'it is slower or fails')
    : survived(test, 'it is neither slower nor failing');
}

/** As for a degraded service: far outside its own past, and by a tenth at least. */
function isOff({ rise, shift }: ServiceLevel): boolean {
  return rise > 0 && shift.z > 8 && Math.abs(shift.growth) > 0.1;
}
