/** Which services fail or take long because they wait for something: their own time and errors may be those of a callee. */
import { exactShareZ } from '../statistics/exact-share.ts';
import { histogramMeanUs } from '../statistics/statistics.ts';
import type { EdgePair, OperationPair } from './calls.ts';

/** A failure is quick when the service itself fails; one that takes several times as long as an answer has waited for somebody. */
const waitedTimes = 3;
const minWaitUs = 50_000;
const minZ = 3;
const minFailures = 0.02;

/** Sorted by nothing: only asked for members. */
export function waitingServices(operations: readonly OperationPair[], edges: readonly EdgePair[]): ReadonlySet<string> {
  const waiting = new Set<string>();
  for (const operation of operations) if (timesOut(operation)) waiting.add(operation.service);
  for (const edge of edges) if (failsMore(edge.before, edge.during)) waiting.add(edge.caller);
  for (const { service, kind, before, during } of operations)
    if (kind === 'client' && failsMore(before, during)) waiting.add(service);
  return waiting;
}

/** Its requests fail more, and take several times as long in its own hands: no code does that, a time-out or a full pool does. */
export function timesOut({ kind, before, during }: OperationPair): boolean {
  if (kind === 'client' || kind === 'producer' || !failsMore(before, during)) return false;
  const [was, is] = [histogramMeanUs(before.inner), histogramMeanUs(during.inner)];
  return is > waitedTimes * was && is - was > minWaitUs;
}

function failsMore(before: OperationPair['before'], during: OperationPair['during']): boolean {
  const counts = { hits: during.errors, n: during.calls, baseHits: before.errors, baseN: before.calls };
  const risen = during.errors / Math.max(1, during.calls) - before.errors / Math.max(1, before.calls);
  return risen > minFailures && exactShareZ(counts) > minZ;
}
