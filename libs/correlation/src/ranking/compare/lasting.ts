/**
 * Whether a shift was still there when the alert fired. A shift that was over by then, while others were not, probably belongs to an earlier
 * fault, or to a deploy that has settled.
 */
import { type Histogram, histogramCount, mergeHistograms, type TimeRange } from '@faultline/model';
import type { Window } from '../input/window.ts';
import { histogramMeanUs, rankShiftZ } from '../statistics/durations.ts';
import { twoProportionZ } from '../statistics/proportions.ts';
import { clamp } from '../statistics/robust.ts';

/** Around the start of the alert: long enough to hold calls, short enough to be about that time. */
const leadMs = 90_000;
const afterMs = 60_000;
/** With fewer calls nothing can be told. */
const fewCalls = 5;
/** How clearly it must have changed back. */
const minZ = 3;

/** Which slices are around the start of the alert. */
export function slicesAtAlert(slices: readonly TimeRange[], startedAtMs: number): boolean[] {
  return slices.map(({ fromMs }) => fromMs >= startedAtMs - leadMs && fromMs < startedAtMs + afterMs);
}

export interface SharesBySlice {
  readonly hits: ArrayLike<number>;
  readonly of: ArrayLike<number>;
  readonly windows: readonly Window[];
  readonly atAlert: readonly boolean[];
}

/** What a finding keeps when its shift was over at the alert. A short fault may have left nothing else. */
const leastLeft = 0.3;

/** The factor for the strength of a finding: 1 where its shift lasted, less where it was over. */
export function lastingFactor(lasting: number): number {
  return leastLeft + (1 - leastLeft) * lasting;
}

/** 1: as strong at the alert as in the rest of the incident, or nobody can tell. 0: back at the share `before`. */
export function lastingShare({ hits, of, windows, atAlert }: SharesBySlice, before: number): number {
  const sum = { hits: 0, n: 0, baseHits: 0, baseN: 0 };
  for (let slice = 0; slice < of.length; slice++) {
    if (windows[slice] !== 'incident') continue;
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
  readonly windows: readonly Window[];
  readonly atAlert: readonly boolean[];
}

/** The same for durations, by their mean. `beforeUs` is the mean of the baseline. */
export function lastingTime({ rows, windows, atAlert }: TimesBySlice, beforeUs: number): number {
  const sum = (late: boolean): Histogram =>
    mergeHistograms(
      rows.flatMap(({ slice, histogram }) =>
        windows[slice] === 'incident' && atAlert[slice] === late ? [histogram] : [],
      ),
    );
  const [late, early] = [sum(true), sum(false)];
  if (histogramCount(late) < fewCalls || histogramCount(early) < fewCalls) return 1;
  if (rankShiftZ(early, late) < minZ) return 1;
  const [lateUs, earlyUs] = [histogramMeanUs(late), histogramMeanUs(early)];
  return earlyUs <= beforeUs ? 1 : clamp((lateUs - beforeUs) / (earlyUs - beforeUs), 0, 1);
}
