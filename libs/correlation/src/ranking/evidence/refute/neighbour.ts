/** The calls beside the one in question: what tells which of its two ends is at fault. */

import type { EdgePair } from '../../compare/calls.ts';
import type { Context } from '../../compare/comparison.ts';

/** Calls to the same callee from others, in use before and since. */
export function otherCallers({ edges }: Context, caller: string, callee: string): EdgePair[] {
  return edges.filter((edge) => edge.callee === callee && edge.caller !== caller && isInUse(edge));
}

/** Calls of the same caller to others, in use before and since. */
export function otherCallees({ edges }: Context, caller: string, callee: string): EdgePair[] {
  return edges.filter((edge) => edge.caller === caller && edge.callee !== callee && isInUse(edge));
}

/** Whether before and since can be compared. */
export function isInUse({ before, during }: EdgePair): boolean {
  return before.calls > 0 && during.calls > 0;
}
