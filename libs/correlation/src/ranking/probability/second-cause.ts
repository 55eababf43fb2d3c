/**
 * Two things may go wrong at once. Next to a cause that is nearly certain, those around it that suffer from it are no second opinion worth
 * having: the third place goes to the best one that it cannot explain.
 */

import type { Context } from '../compare/comparison.ts';
import { isSupport } from '../finding/finding.ts';
import { reachableFrom } from '../rows/service-graph.ts';
import type { Candidate } from './candidate.ts';

/** So sure of the first that neighbours are hardly alternatives to it. */
const nearlyCertain = 0.9;
/** A weaker sign is any day's. */
const leastOwn = 0.3;
/** The first places are what people read. */
const places = 3;

/** The same candidates; probabilities stay with their places. */
export function keepSecondCause(context: Context, candidates: readonly Candidate[]): readonly Candidate[] {
  const [first] = candidates;
  if (first === undefined || first.probability < nearlyCertain) return candidates;
  const apart = candidates.findIndex((one, i) => i > 0 && hasOwnSign(one) && isApart(context, first, one));
  const kept = candidates[apart];
  if (kept === undefined || apart < places) return candidates;
  const order = candidates.toSpliced(apart, 1).toSpliced(places - 1, 0, kept);
  return order.map((one, i) => ({ ...one, probability: candidates[i]?.probability ?? 0 }));
}

/** Something that no failing callee accounts for, beside an alert or a change. */
function hasOwnSign({ findings }: Candidate): boolean {
  return findings.some(
    (one) =>
      isSupport(one) &&
      one.kind !== 'alerts' &&
      one.kind !== 'changes' &&
      one.explainable === 0 &&
      one.weight >= leastOwn,
  );
}

/** Neither asks the other for anything, directly or through others. */
function isApart({ callees }: Context, { service: a }: Candidate, { service: b }: Candidate): boolean {
  return !reachableFrom(callees, a).has(b) && !reachableFrom(callees, b).has(a);
}
