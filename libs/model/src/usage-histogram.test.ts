import { describe, expect, it } from 'vitest';
import {
  smallestUse,
  type UsedResource,
  usageBucketBound,
  usageBucketOf,
  usagePercentile,
  weighHistograms,
} from './usage-histogram.ts';

const resources: readonly UsedResource[] = ['cpu', 'memory'];

/** Numbers from 0 to 1 (mulberry32): the same in each run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
const random = randomFrom(3);
/** Over nine orders of magnitude. */
const drawUse = () => 10 ** (random() * 9 - 3);

describe('a bucket', () => {
  it('has a bound that is at least the use and less than 5 % above it', () => {
    for (let run = 0; run < 2000; run++)
      for (const resource of resources) {
        const use = drawUse() * smallestUse[resource];
        const bound = usageBucketBound(resource, usageBucketOf(resource, use));
        expect(bound).toBeGreaterThanOrEqual(use);
        if (use > smallestUse[resource]) expect(bound).toBeLessThan(use * 1.05 * (1 + 1e-9));
      }
  });

  it('is 0 for no use, for a negative one and for what is no number', () => {
    for (const use of [0, -1, Number.NaN]) expect(usageBucketOf('cpu', use)).toBe(0);
  });

  it('holds its own bound', () => {
    for (let bucket = 0; bucket < 400; bucket++)
      expect(usageBucketOf('memory', usageBucketBound('memory', bucket))).toBe(bucket);
  });
});

describe('a percentile', () => {
  const histogramOf = (values: readonly number[]) =>
    weighHistograms(
      values.map((value) => ({ histogram: [[usageBucketOf('cpu', value), 1] as [number, number]], weight: 1 })),
    );

  it('is never below what a share of the samples used, and grows with the share', () => {
    for (let run = 0; run < 500; run++) {
      const values = Array.from({ length: 1 + Math.floor(random() * 50) }, () => random() * 64);
      const share = 0.01 + 0.99 * random();
      const sorted = [...values].sort((a, b) => a - b);
      const exact = sorted[Math.ceil(share * sorted.length - 1e-9) - 1] ?? 0;
      const histogram = histogramOf(values);
      const found = usagePercentile('cpu', histogram, share) ?? 0;
      expect(found).toBeGreaterThanOrEqual(exact);
      expect(usagePercentile('cpu', histogram, 1)).toBeGreaterThanOrEqual(found);
    }
  });

  it('does not depend on the unit of the weights', () => {
    const parts = [0.2, 0.4, 3].map((value) => ({
      histogram: [[usageBucketOf('cpu', value), 7] as [number, number]],
      weight: 1,
    }));
    const scaled = parts.map((part) => ({ ...part, weight: 0.001 }));
    for (const share of [0.1, 0.5, 0.9, 1])
      expect(usagePercentile('cpu', weighHistograms(scaled), share)).toBe(
        usagePercentile('cpu', weighHistograms(parts), share),
      );
  });

  it('is null without samples', () => {
    expect(usagePercentile('cpu', [], 0.9)).toBeNull();
    expect(usagePercentile('cpu', [[3, 0]], 0.9)).toBeNull();
  });

  it('leaves out what counts for nothing', () => {
    const parts = [
      { histogram: [[100, 5]] as [number, number][], weight: 0 },
      { histogram: [[10, 5]] as [number, number][], weight: 1 },
    ];
    expect(usagePercentile('cpu', weighHistograms(parts), 1)).toBe(usageBucketBound('cpu', 10));
  });
});
