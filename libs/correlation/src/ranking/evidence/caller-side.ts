/** Calls that fail on the caller's side: the caller is the cause, and not the services that it cannot reach. See `compare/caller-faults.ts`. */
import type { CauseKind } from '@faultline/model';
import type { EdgeComparison } from '../compare/calls.ts';
import type { Comparison } from '../compare/comparison.ts';
import { isWorse } from '../compare/worse.ts';
import { type Detection, type Finding, minStrength } from '../finding/finding.ts';
import { formatPercent, listed } from '../finding/format.ts';
import { evidenceKind, type RefutationInputs } from '../finding/kind.ts';
import { referenceToEdges } from '../finding/reference.ts';
import { notRun, type Refutation, refuted, survived } from '../finding/refutation.ts';
import { logOdds } from '../finding/weight.ts';
import { exactShareZ } from '../statistics/exact-share.ts';
import { certainty } from '../statistics/proportions.ts';
import { otherCallers } from './shared/other-calls.ts';

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
    callerSide: logOdds(5, 'calls fail on its own side: a name, a credential, a pool, or all of its calls at once'),
  },
  traits: { failsCallers: true, visibleToCallers: true },
  detect({ callerFaults }: Pick<Comparison, 'callerFaults'>): Found[] {
    const byCaller = Map.groupBy(callerFaults, ([{ caller }]) => caller);
    return [...byCaller].flatMap(([caller, faults]) => judge(caller, faults, callerFaults.size));
  },
  describe: ({ service, facts: { callees, mechanism, before, during } }) => ({
    summary: `calls from ${service} to ${callees.slice(0, 4).join(', ')} fail on its own side (${mechanism === 'network' ? 'all at once' : mechanism}): ${formatPercent(before)} -> ${formatPercent(during)}; calls of others do not`,
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

/** Calls that fail on the caller's side fail for nobody else. */
function othersReachThem(
  inputs: Pick<RefutationInputs, 'edges' | 'callerFaults'>,
  { service }: Pick<Finding, 'service'>,
): Refutation {
  const faults = [...inputs.callerFaults.keys()].filter(({ caller }) => caller === service);
  const peers = faults.map(({ callee }) => callee);
  const test = `Do calls of others to ${listed(peers)} fail as well?`;
  const others = faults.flatMap((edge) => otherCallers(inputs, edge));
  if (others.length === 0) return notRun(test, 'nobody else calls there');
  const worse = others.filter(isWorse).map(({ caller }) => caller);
  if (worse.length > 0) return refuted(test, `those of ${listed([...new Set(worse)])} do`);
  const names = listed([...new Set(others.map(({ caller }) => caller))]);
  return survived(test, `${names} ${others.length === 1 ? 'is' : 'are'} served as before`);
}
