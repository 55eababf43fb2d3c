/** Tests of two histograms of durations. All are plain sums in a fixed order, so equal rows give equal bytes. */
import { bucketMiddleUs, type Histogram, histogramCount } from '@faultline/model';
import { exactShareZ } from './exact-share.ts';
import { clamp } from './robust.ts';

/** The mean in microseconds; 0 when empty. Buckets beyond the `cap` quantile count as that quantile, so that one stuck call is no trend. */
export function histogramMeanUs(histogram: Histogram, cap = 0.995): number {
  const total = histogramCount(histogram);
  if (total === 0) return 0;
  let seen = 0;
  let sum = 0;
  for (const [bucket, count] of histogram) {
    const taken = clamp(Math.ceil(cap * total) - seen, 0, count);
    sum += bucketMiddleUs(bucket) * (seen + count >= cap * total ? count : taken);
    seen += count;
    if (seen >= cap * total) return (sum + bucketMiddleUs(bucket) * (total - seen)) / total;
  }
  return sum / total;
}

/**
 * The z of the Mann-Whitney test that `now` is larger than `before`. Ties within a bucket count half (Annals of Math. Statistics 18,
 * 1947).
 */
export function rankShiftZ(now: Histogram, before: Histogram): number {
  const n = histogramCount(now);
  const m = histogramCount(before);
  if (n === 0 || m === 0) return 0;
  let below = 0;
  let wins = 0;
  let at = 0;
  for (const [bucket, count] of now) {
    while (at < before.length && (before[at]?.[0] ?? 0) < bucket) below += before[at++]?.[1] ?? 0;
    const equal = before[at]?.[0] === bucket ? (before[at]?.[1] ?? 0) : 0;
    wins += count * (below + equal / 2);
  }
  return (wins - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12);
}

/** With fewer calls in one window, ranks say little, however far the windows are apart. */
const fewCalls = 20;
const leastCalls = 3;
/** In buckets, eight to a doubling. Healthy calls of one kind vary by half at least, however alike a few of them are. */
const leastSpread = 5;

/**
 * The z that few calls take longer, by how much longer. Welch's t test on the log scale of the buckets (Biometrika 34, 1947), as the z
 * that is as unlikely (Wallace, Annals of Math. Statistics 30, 1959). Six calls of two seconds after six of five milliseconds are no
 * chance, though ranks of six and six say no more than one in nine hundred. 0 where there are enough calls for ranks, or too few for a
 * spread.
 */
export function logShiftZ(now: Histogram, before: Histogram): number {
  const [after, base] = [logMoments(now), logMoments(before)];
  const fewest = Math.min(after.n, base.n);
  if (fewest < leastCalls || fewest >= fewCalls) return 0;
  const [own, other] = [after.variance / after.n, base.variance / base.n];
  const t = (after.mean - base.mean) / Math.sqrt(own + other);
  const free = (own + other) ** 2 / (own ** 2 / (after.n - 1) + other ** 2 / (base.n - 1));
  const z = Math.sqrt(free * Math.log1p((t * t) / free)) * ((8 * free + 1) / (8 * free + 3));
  return Math.sign(t) * z;
}

/** Moments of the bucket numbers. The variance is never below that of healthy calls. */
function logMoments(histogram: Histogram): { n: number; mean: number; variance: number } {
  const n = histogramCount(histogram);
  const mean = histogram.reduce((sum, [bucket, count]) => sum + count * bucket, 0) / Math.max(1, n);
  const squares = histogram.reduce((sum, [bucket, count]) => sum + count * (bucket - mean) ** 2, 0);
  return { n, mean, variance: Math.max(leastSpread ** 2, squares / Math.max(1, n - 1)) };
}

/**
 * The z of the share of `now` beyond a bucket. It sees a delay of a part of the calls, which medians do not. Without a bucket, the better
 * of the 95th percentile of `before` and the far tail.
 */
export function tailShiftZ(now: Histogram, before: Histogram, beyond?: number): number {
  const baseN = histogramCount(before);
  const n = histogramCount(now);
  if (n === 0 || baseN === 0) return 0;
  if (beyond === undefined) return Math.max(...tailLimits(before).map((limit) => tailShiftZ(now, before, limit)));
  const hits = countAbove(now, beyond);
  const baseHits = countAbove(before, beyond);
  return exactShareZ({ hits, n, baseHits, baseN });
}

/** Eight buckets are a doubling. The far tail begins at three times the 95th percentile, which healthy calls hardly reach. */
const farBuckets = 13;

/** The buckets where the tail and the far tail begin: one call in twenty, and hardly any. */
export function tailLimits(before: Histogram): readonly [number, number] {
  const limit = bucketAt(before, 0.95);
  return [limit, limit + farBuckets];
}

/** The bucket of the q-quantile; 0 when empty. */
export function bucketAt(histogram: Histogram, q: number): number {
  const rank = q * histogramCount(histogram);
  let seen = 0;
  for (const [bucket, count] of histogram) {
    seen += count;
    if (seen >= rank) return bucket;
  }
  return 0;
}

function countAbove(histogram: Histogram, bucket: number): number {
  let sum = 0;
  for (const [at, count] of histogram) if (at > bucket) sum += count;
  return sum;
}
