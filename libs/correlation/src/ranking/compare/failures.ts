/** Whether calls fail more than in the baseline. */
import { exactShareZ, type Proportions } from '../statistics/exact-share.ts';
import type { CallComparison } from './calls.ts';

const minZ = 3;
/** Two more failures in a hundred calls. */
export const minFailures = 0.02;

/** Failed calls of all calls, in both windows. */
export function errorCounts({ before, during }: CallComparison): Proportions {
  return { hits: during.errors, n: during.calls, baseHits: before.errors, baseN: before.calls };
}

/** Surely more failures, by two in a hundred at least. */
export function failsMore(compared: CallComparison): boolean {
  const { before, during } = compared;
  const risen = during.errors / Math.max(1, during.calls) - before.errors / Math.max(1, before.calls);
  return risen > minFailures && exactShareZ(errorCounts(compared)) > minZ;
}
