/** Which services fail or are slow because they wait: their own time and errors may belong to a callee. */
import { histogramMeanUs } from '../statistics/durations.ts';
import type { EdgeComparison, OperationComparison } from './calls.ts';
import { failsMore } from './worse.ts';

/** A service that fails by itself fails fast. A failure that takes several times as long as an answer has waited for somebody. */
const waitedTimes = 3;
const minWaitUs = 50_000;

/** Services that time out, or whose calls fail. Only asked for members, so not sorted. */
export function waitingServices(
  operations: readonly OperationComparison[],
  edges: readonly EdgeComparison[],
): ReadonlySet<string> {
  const waiting = new Set<string>();
  for (const operation of operations.filter(failsMore))
    if (operation.kind === 'client' || waitsInside(operation)) waiting.add(operation.service);
  for (const { caller } of edges.filter(failsMore)) waiting.add(caller);
  return waiting;
}

/** Its requests fail more and spend several times as long in its own code. A time-out or a full pool does that; code does not. */
export function timesOut(operation: OperationComparison): boolean {
  return waitsInside(operation) && failsMore(operation);
}

/** The self time of its requests has grown by more than the work of a failure. */
function waitsInside({ kind, before, during }: OperationComparison): boolean {
  if (kind === 'client' || kind === 'producer') return false;
  const [was, is] = [histogramMeanUs(before.inner), histogramMeanUs(during.inner)];
  return is > waitedTimes * was && is - was > minWaitUs;
}
