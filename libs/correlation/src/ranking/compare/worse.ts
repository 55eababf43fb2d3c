/** Whether calls, or what a metric measures, got worse in a way that people notice. */
import { histogramMeanUs, rankShiftZ, tailShiftZ } from '../statistics/durations.ts';
import { exactShareZ } from '../statistics/exact-share.ts';
import type { CallComparison } from './calls.ts';
import { errorCounts } from './failures.ts';

export const minWorseZ = 4;
/** People call a service slower from about a quarter on. */
const minGrowth = 0.25;

/** Surely slower by a quarter, or surely failing more. */
export function isWorse(compared: CallComparison): boolean {
  const { before, during } = compared;
  const z = Math.max(rankShiftZ(during.duration, before.duration), tailShiftZ(during.duration, before.duration));
  const growth = histogramMeanUs(during.duration) / Math.max(1, histogramMeanUs(before.duration)) - 1;
  const fails = during.errors > 2 && exactShareZ(errorCounts(compared)) > minWorseZ;
  return (z > minWorseZ && growth > minGrowth && before.calls > 0) || fails;
}
