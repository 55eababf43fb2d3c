/**
 * Two things may go wrong at once. Beside a cause that is nearly certain, services that suffer from it are no useful alternatives. So the third
 * place goes to the best candidate that it cannot explain.
 */
import type { Comparison } from '../compare/comparison.ts';
import { reachableFrom } from '../rows/service-graph.ts';
import type { Candidate } from './candidate.ts';

/** From this probability on, its neighbours are hardly alternatives. */
const nearlyCertain = 0.9;
/** A weaker sign is found on any day. */
const leastOwn = 0.3;
/** The first places are what people read. */
const places = 3;

/** The same candidates. Probabilities stay with their places. */
export function keepSecondCause(
  { callees }: Pick<Comparison, 'callees'>,
  candidates: readonly Candidate[],
): readonly Candidate[] {
  const [first] = candidates;
  if (first === undefined || first.probability < nearlyCertain) return candidates;
  const second = candidates.findIndex((one, i) => i > 0 && hasOwnSign(one) && areUnrelated(callees, first, one));
  const kept = candidates[second];
  if (kept === undefined || second < places) return candidates;
  const order = candidates.toSpliced(second, 1).toSpliced(places - 1, 0, kept);
  return order.map((one, i) => ({ ...one, probability: candidates[i]?.probability ?? 0 }));
}

/** A measurement that no failing callee accounts for. */
function hasOwnSign({ findings }: Candidate): boolean {
  return findings.some(
    ({ isAgainst, traits, explainable, weight }) =>
      !isAgainst && traits.report !== true && traits.trigger !== true && explainable === 0 && weight >= leastOwn,
  );
}

/** Neither calls the other, directly or through others. */
function areUnrelated(callees: Comparison['callees'], { service: a }: Candidate, { service: b }: Candidate): boolean {
  return !reachableFrom(callees, a).has(b) && !reachableFrom(callees, b).has(a);
}
