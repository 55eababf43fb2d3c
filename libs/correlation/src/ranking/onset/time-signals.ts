/** Durations and self times as signals. */
import { type Histogram, histogramCount, mergeHistograms } from '@faultline/model';
import type { Groups } from '../rows/group.ts';
import { tailLimits } from '../statistics/durations.ts';
import type { Signal } from './change-point.ts';
import { emptySums, type Sums, shareSignal, total } from './sums.ts';

/** A fifth of a standard deviation is the smallest effect that counts as one (Cohen, 1988). */
const minEffect = 0.2;

/**
 * One signal for each service and measure, over all its operations. Rank scores of different operations may be added; durations may not.
 */
export function timeSignals({ operations, edges, traced }: Groups, slices: number): Signal[] {
  const found = new Map<string, Sums>();
  const late = new Map<string, Sums>();
  const add = (key: string, rows: readonly Timed[]): void => {
    const sums = found.get(key) ?? emptySums(slices);
    found.set(key, sums);
    addScores(rows, sums);
    const tails = late.get(key) ?? emptySums(slices);
    late.set(key, tails);
    addTail(rows, tails);
  };
  for (const { service, kind, rows } of operations) {
    if (kind === 'client' || kind === 'producer') continue;
    add(
      `${service}\nself`,
      rows.map(({ slice, self }) => ({ slice, histogram: self })),
    );
    add(
      `${service}\ntotal`,
      rows.map(({ slice, duration }) => ({ slice, histogram: duration })),
    );
  }
  for (const { callee, rows } of edges)
    if (!traced.has(callee))
      add(
        `${callee}\nsilent`,
        rows.map(({ slice, duration }) => ({ slice, histogram: duration })),
      );
    else
      add(
        `${callee}\ngap`,
        rows.map(({ slice, gap }) => ({ slice, histogram: gap })),
      );
  const serviceOf = (key: string): string => key.slice(0, key.indexOf('\n'));
  const levels = [...found].map(([key, sums]) => ({
    ...sums,
    service: serviceOf(key),
    variance: 1,
    minStep: minEffect,
    twoSided: false,
  }));
  const tails = [...late].flatMap(([key, sums]) =>
    total(sums.sums) < fewLate ? [] : [tailSignal(serviceOf(key), sums)],
  );
  return [...levels, ...tails];
}

/** A delay of every twentieth call is harm. */
const minTailStep = 0.05;

const fewLate = 3;

/** Enough calls in the baseline to know its 95th percentile. */
const minBaseline = 20;

/** Counts calls in the far tail of the baseline. A delay of a part of the calls hardly moves their scores. */
function addTail(rows: readonly Timed[], { sums, counts }: Sums): void {
  const baseline = mergeHistograms(rows.filter(({ slice }) => slice === 0).map(({ histogram }) => histogram));
  if (histogramCount(baseline) < minBaseline) return;
  const [, far] = tailLimits(baseline);
  for (const { slice, histogram } of rows)
    for (const [bucket, count] of histogram) {
      counts[slice] = (counts[slice] ?? 0) + count;
      if (bucket > far) sums[slice] = (sums[slice] ?? 0) + count;
    }
}

/** A rare event hardly varies, so a small effect of its own spread counts. */
function tailSignal(service: string, sums: Sums): Signal {
  const signal = shareSignal(service, sums, { minStep: minTailStep, twoSided: false });
  return { ...signal, drift: Math.min(minTailStep, minEffect * Math.sqrt(signal.variance)) };
}

interface Timed {
  readonly slice: number;
  readonly histogram: Histogram;
}

const scratch = new Float64Array(1024);

/**
 * Adds Savage scores (Annals of Math. Statistics 27, 1956): minus the logarithm of the share of all calls that took longer. Their mean and
 * variance are 1 for any distribution. They show a general slowdown as well as a delay of a few calls, and one stuck call does not count.
 */
function addScores(rows: readonly Timed[], { sums, counts }: Sums): void {
  let top = -1;
  let total = 0;
  for (const { histogram } of rows)
    for (const [bucket, count] of histogram) {
      const at = Math.min(bucket, scratch.length - 1);
      scratch[at] = (scratch[at] ?? 0) + count;
      total += count;
      if (at > top) top = at;
    }
  let seen = 0;
  for (let at = 0; at <= top; at++) {
    const count = scratch[at] ?? 0;
    if (count > 0) scratch[at] = -Math.log((total - seen - count / 2) / total);
    seen += count;
  }
  for (const { slice, histogram } of rows)
    for (const [bucket, count] of histogram) {
      sums[slice] = (sums[slice] ?? 0) + count * (scratch[Math.min(bucket, scratch.length - 1)] ?? 0);
      counts[slice] = (counts[slice] ?? 0) + count;
    }
  scratch.fill(0, 0, top + 1);
}
