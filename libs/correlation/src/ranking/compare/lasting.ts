/**
 * Whether a shift was still there when the alert began. Alerts wait before they fire, but what had recovered by then, while something else
 * had not, is another story: the last fault's end, a deploy that settled.
 */
import { type Histogram, histogramCount, mergeHistograms } from '@faultline/model';
import { clamp, histogramMeanUs, rankShiftZ, twoProportionZ } from '../statistics/statistics.ts';
import type { Side } from './calls.ts';

/** Around the start of the alert, in ms: long enough to hold calls, short enough to be about now. */
const leadMs = 90_000;
const afterMs = 60_000;
/** With fewer calls nothing can be told. */
const fewCalls = 5;
/** So much clearer than chance that it has changed back. */
const minZ = 3;

/** Which slices are about the alert's start. */
export function slicesAtAlert(
  slices: readonly { readonly fromMs: number; readonly toMs: number }[],
  startedAtMs: number,
): boolean[] {
  return slices.map(({ fromMs }) => fromMs >= startedAtMs - leadMs && fromMs < startedAtMs + afterMs);
}

export interface SharesBySlice {
  readonly hits: ArrayLike<number>;
  readonly of: ArrayLike<number>;
  readonly sides: readonly Side[];
  readonly atAlert: readonly boolean[];
}

/** What is left of a finding when the shift was over at the alert: it may be all that is known of a short fault. */
const leastLeft = 0.3;

/** By what to multiply the strength of a finding: 1 where its shift lasted, less where it had gone. */
export function lastingFactor(lasting: number): number {
  return leastLeft + (1 - leastLeft) * lasting;
}

/** 1: as strong at the alert as ever since the onset, or nobody can tell; 0: back to what it was `before`, a share. */
export function lastingShare({ hits, of, sides, atAlert }: SharesBySlice, before: number): number {
  const sum = { hits: 0, n: 0, baseHits: 0, baseN: 0 };
  for (let slice = 0; slice < of.length; slice++) {
    if (sides[slice] !== true) continue;
    const [n, hit] = [of[slice] ?? 0, Math.min(of[slice] ?? 0, hits[slice] ?? 0)];
    if (atAlert[slice] === true) {
      sum.n += n;
      sum.hits += hit;
    } else {
      sum.baseN += n;
      sum.baseHits += hit;
    }
  }
  if (sum.n < fewCalls || sum.baseN < fewCalls || Math.abs(twoProportionZ(sum)) < minZ) return 1;
  const [late, early] = [sum.hits / sum.n, sum.baseHits / sum.baseN];
  return early === before ? 1 : clamp((late - before) / (early - before), 0, 1);
}

export interface TimesBySlice {
  readonly rows: readonly { readonly slice: number; readonly histogram: Histogram }[];
  readonly sides: readonly Side[];
  readonly atAlert: readonly boolean[];
}

/** The same for durations, by their mean; `beforeUs` is what they took before. */
export function lastingTime({ rows, sides, atAlert }: TimesBySlice, beforeUs: number): number {
  const sum = (late: boolean): Histogram =>
    mergeHistograms(
      rows.flatMap(({ slice, histogram }) => (sides[slice] === true && atAlert[slice] === late ? [histogram] : [])),
    );
  const [late, early] = [sum(true), sum(false)];
  if (histogramCount(late) < fewCalls || histogramCount(early) < fewCalls) return 1;
  if (rankShiftZ(early, late) < minZ) return 1;
  const [lateUs, earlyUs] = [histogramMeanUs(late), histogramMeanUs(early)];
  return earlyUs <= beforeUs ? 1 : clamp((lateUs - beforeUs) / (earlyUs - beforeUs), 0, 1);
}
