/** The calls beside the one in question. They tell which of its two ends is at fault. */
import type { EdgeComparison } from '../../compare/calls.ts';
import type { Comparison } from '../../compare/comparison.ts';
import type { CallEdge } from '../../rows/call-edge.ts';

/** Calls to the same callee from others, with calls in both windows. */
export function otherCallers({ edges }: Pick<Comparison, 'edges'>, { caller, callee }: CallEdge): EdgeComparison[] {
  return edges.filter((edge) => edge.callee === callee && edge.caller !== caller && isInUse(edge));
}

/** Calls of the same caller to others, with calls in both windows. */
export function otherCallees({ edges }: Pick<Comparison, 'edges'>, { caller, callee }: CallEdge): EdgeComparison[] {
  return edges.filter((edge) => edge.caller === caller && edge.callee !== callee && isInUse(edge));
}

/** Whether both windows hold calls, so that they can be compared. */
export function isInUse({ before, during }: EdgeComparison): boolean {
  return before.calls > 0 && during.calls > 0;
}
