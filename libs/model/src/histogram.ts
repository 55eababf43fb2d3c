/**
 * Fixed logarithmic latency buckets, eight to a doubling: bucket i holds [2^(i/8), 2^((i+1)/8)) microseconds, so a value is known
 * within 9 %. Counts are integers, so that any merge order gives the same histogram. Same grid as an OTLP exponential
 * histogram of scale 3 (OpenTelemetry metrics data model), in microseconds.
 */
import type { Histogram } from './evidence.ts';

const bucketsPerDoubling = 8;

/** The bucket of a latency in microseconds; below 1 us is bucket 0. */
export function bucketOf(us: number): number {
  return us < 1 ? 0 : Math.floor(Math.log2(us) * bucketsPerDoubling);
}

/** The middle of a bucket (geometric), in microseconds. */
export function bucketMiddleUs(bucket: number): number {
  return 2 ** ((bucket + 0.5) / bucketsPerDoubling);
}

export function histogramCount(histogram: Histogram): number {
  return histogram.reduce((sum, [, count]) => sum + count, 0);
}

/** The q-quantile in microseconds (middle of its bucket); NaN when empty. */
export function histogramQuantile(histogram: Histogram, q: number): number {
  const rank = q * histogramCount(histogram);
  let seen = 0;
  for (const [bucket, count] of histogram) {
    seen += count;
    if (seen >= rank && seen > 0) return bucketMiddleUs(bucket);
  }
  return Number.NaN;
}

/** Sums histograms; the result is sorted by bucket. */
export function mergeHistograms(histograms: readonly Histogram[]): Histogram {
  const counts = new Map<number, number>();
  for (const histogram of histograms)
    for (const [bucket, count] of histogram) counts.set(bucket, (counts.get(bucket) ?? 0) + count);
  return [...counts].sort(([a], [b]) => a - b);
}
