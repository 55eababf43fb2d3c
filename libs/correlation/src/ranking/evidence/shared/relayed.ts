/** The refuting test of errors and lost patterns: they may come from a callee. */
import { isWorse } from '../../compare/worse.ts';
import type { Finding } from '../../finding/finding.ts';
import { listed } from '../../finding/format.ts';
import type { RefutationInputs } from '../../finding/kind.ts';
import { notRun, type Refutation, refuted, survived } from '../../finding/refutation.ts';
import { isInUse } from './other-calls.ts';

/** Errors and lost patterns are a service's own only where what it calls answers it. */
export function relayed(
  { edges, callees, callerFaults }: Pick<RefutationInputs, 'edges' | 'callees' | 'callerFaults'>,
  { service }: Pick<Finding, 'service'>,
): Refutation {
  const test = `Did it come from a service that ${service} calls?`;
  // A call that fails on its caller's side comes from nobody below.
  const calls = edges.filter(
    (edge) => edge.caller === service && edge.callee !== service && isInUse(edge) && !callerFaults.has(edge),
  );
  const worse = calls.filter(isWorse).map(({ callee }) => callee);
  if (worse.length > 0) return refuted(test, `calls to ${listed(worse)} fail or are slower`);
  if (calls.length > 0) return survived(test, `calls to ${listed(calls.map(({ callee }) => callee))} are as before`);
  const known = callees.get(service) ?? [];
  if (known.length > 0) return notRun(test, `no calls to ${listed(known)} were recorded before and after the onset`);
  return survived(test, 'it calls no known service');
}
