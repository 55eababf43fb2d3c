/**
 * Buckets for the use of CPU and memory by containers. Bucket 0 holds everything up to the smallest bound, and each further bucket is 5 %
 * wider than the one before, as in the recommender of Kubernetes' Vertical Pod Autoscaler (`DefaultHistogramBucketSizeGrowth`). Counts are
 * integers, so any merge order gives the same histogram.
 */
import type { Histogram } from './evidence.ts';

const growth = 1.05;
const logGrowth = Math.log(growth);

/** The upper bound of bucket 0: a millicore, and a mebibyte. */
export const smallestUse = { cpu: 0.001, memory: 1024 * 1024 } as const;
export type UsedResource = keyof typeof smallestUse;

/** The bucket of a use, in cores or bytes. Its upper bound is at least the use, and less than 5 % above it beyond bucket 0. */
export function usageBucketOf(resource: UsedResource, use: number): number {
  const ratio = use / smallestUse[resource];
  if (!(ratio > 1)) return 0;
  const bucket = Math.max(1, Math.ceil(Math.log(ratio) / logGrowth - 1e-9));
  // The logarithm may be off by a rounding error, and a bound must never be below a use that it stands for.
  return usageBucketBound(resource, bucket) < use ? bucket + 1 : bucket;
}

/** The upper bound of a bucket, in cores or bytes. */
export function usageBucketBound(resource: UsedResource, bucket: number): number {
  return smallestUse[resource] * growth ** bucket;
}

/** Weights by bucket, in the order of the buckets. They need not be integers: old samples count less. */
export type WeightedHistogram = readonly (readonly [bucket: number, weight: number])[];

/**
 * The use that a share of the samples does not exceed: the upper bound of the bucket that holds the percentile. `share` is 0 to 1. Null for
 * an empty histogram.
 */
export function usagePercentile(resource: UsedResource, histogram: WeightedHistogram, share: number): number | null {
  const total = histogram.reduce((sum, [, weight]) => sum + weight, 0);
  const last = histogram.at(-1);
  if (last === undefined || !(total > 0)) return null;
  let seen = 0;
  for (const [bucket, weight] of histogram) {
    seen += weight;
    // Sums of fractions fall short of the whole by rounding errors.
    if (weight > 0 && seen >= share * total * (1 - 1e-12)) return usageBucketBound(resource, bucket);
  }
  return usageBucketBound(resource, last[0]);
}

/** Sums histograms, each times its weight. The result is sorted by bucket. */
export function weighHistograms(
  parts: readonly { readonly histogram: Histogram; readonly weight: number }[],
): WeightedHistogram {
  const weights = new Map<number, number>();
  for (const { histogram, weight } of parts)
    for (const [bucket, count] of histogram) weights.set(bucket, (weights.get(bucket) ?? 0) + count * weight);
  return [...weights].sort(([a], [b]) => a - b);
}
