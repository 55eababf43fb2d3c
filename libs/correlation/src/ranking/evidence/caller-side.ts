/** Calls that fail on the caller's side: the caller is the cause, and not the services that it cannot reach. See `compare/caller-faults.ts`. */
import type { CauseKind } from '@faultline/model';
import type { EdgeComparison } from '../compare/calls.ts';
import type { Comparison } from '../compare/comparison.ts';
import { type Detection, minStrength } from '../finding/finding.ts';
import { formatPercent } from '../finding/format.ts';
import { evidenceKind } from '../finding/kind.ts';
import { referenceToEdges } from '../finding/reference.ts';
import { logOdds } from '../finding/weight.ts';
import { exactShareZ } from '../statistics/exact-share.ts';
import { certainty } from '../statistics/proportions.ts';
import { othersReachThem } from './refute/calls.ts';

interface Facts {
  readonly callees: readonly string[];
  readonly mechanism: CauseKind;
  readonly before: number;
  readonly during: number;
}
type Found = Detection<'callerSide', Facts>;

export const callerSide = evidenceKind({
  name: 'caller-side',
  signal: 'spans',
  weights: {
    callerSide: logOdds(5, 'calls fail on its own side: a name, a credential, a pool, or all that it calls at once'),
  },
  traits: { failsCallers: true, visibleToCallers: true },
  detect({ callerFaults }: Pick<Comparison, 'callerFaults'>): Found[] {
    const byCaller = Map.groupBy(callerFaults, ([{ caller }]) => caller);
    return [...byCaller].flatMap(([caller, faults]) => judge(caller, faults, callerFaults.size));
  },
  describe: ({ service, facts: { callees, mechanism, before, during } }) => ({
    summary: `calls from ${service} to ${callees.slice(0, 4).join(', ')} fail on its own side${mechanism === 'network' ? ', all at once' : ` (${mechanism}, as it logs)`}: ${formatPercent(before)} -> ${formatPercent(during)}, and nobody else's calls to them do`,
    before: formatPercent(before),
    during: formatPercent(during),
  }),
  reference: ({ service, facts: { callees } }) =>
    referenceToEdges({ caller: service, callee: callees.length === 1 ? (callees[0] ?? '') : '' }),
  refute: othersReachThem,
});

function judge(service: string, faults: readonly (readonly [EdgeComparison, CauseKind])[], tests: number): Found[] {
  const mechanism = faults.find(([, one]) => one !== 'network')?.[1] ?? 'network';
  const sum = { hits: 0, n: 0, baseHits: 0, baseN: 0 };
  for (const [{ before, during }] of faults) {
    sum.hits += during.errors;
    sum.n += during.calls;
    sum.baseHits += before.errors;
    sum.baseN += before.calls;
  }
  const [before, during] = [sum.baseHits / Math.max(1, sum.baseN), sum.hits / Math.max(1, sum.n)];
  const strength = Math.sqrt(Math.min(1, 2 * Math.max(0, during - before))) * certainty(exactShareZ(sum), tests);
  if (strength < minStrength) return [];
  const facts = { callees: faults.map(([{ callee }]) => callee), mechanism, before, during };
  return [{ weightName: 'callerSide', service, faultType: mechanism, strength, facts }];
}
