/** Whether calls, or what a metric measures, got worse in a way that people notice. */
import { histogramMeanUs, rankShiftZ, tailShiftZ } from '../statistics/durations.ts';
import { exactShareZ, type Proportions } from '../statistics/exact-share.ts';
import type { CallComparison } from './calls.ts';

export const minWorseZ = 4;
/** People call a service slower from about a quarter on. */
const minGrowth = 0.25;

/** Surely slower by a quarter, or surely failing more. */
export function isWorse(compared: CallComparison): boolean {
  const { before, during } = compared;
  const z = Math.max(rankShiftZ(during.duration, before.duration), tailShiftZ(during.duration, before.duration));
  const growth = histogramMeanUs(during.duration) / Math.max(1, histogramMeanUs(before.duration)) - 1;
  const fails = during.errors > 2 && failureZ(compared) > minWorseZ;
  return (z > minWorseZ && growth > minGrowth && before.calls > 0) || fails;
}

const minFailureZ = 3;
/** Two more failures in a hundred calls. */
export const minFailures = 0.02;

/** Failed calls of all calls, in both windows. */
function errorCounts({ before, during }: CallComparison): Proportions {
  return { hits: during.errors, n: during.calls, baseHits: before.errors, baseN: before.calls };
}

/** The z that a larger share of the calls fails than in the baseline. */
export function failureZ(compared: CallComparison): number {
  return exactShareZ(errorCounts(compared));
}

/** Surely more failures, by two in a hundred at least. */
export function failsMore(compared: CallComparison): boolean {
  const { before, during } = compared;
  const risen = during.errors / Math.max(1, during.calls) - before.errors / Math.max(1, before.calls);
  return risen > minFailures && failureZ(compared) > minFailureZ;
}
