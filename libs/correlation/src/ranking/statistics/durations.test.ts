import { bucketMiddleUs, type Histogram } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { bucketAt, histogramMeanUs, logShiftZ, rankShiftZ, tailLimits, tailShiftZ } from './durations.ts';

describe('histogramMeanUs', () => {
  it('takes the middle of each bucket', () => {
    const mean = histogramMeanUs([
      [8, 1],
      [80, 3],
    ]);
    expect(mean).toBeCloseTo((bucketMiddleUs(8) + 3 * bucketMiddleUs(80)) / 4);
  });

  it('counts what lies beyond the cap as the quantile at the cap', () => {
    const half: Histogram = [
      [8, 2],
      [80, 2],
    ];
    expect(histogramMeanUs(half, 0.5)).toBeCloseTo(bucketMiddleUs(8));
    expect(histogramMeanUs(half, 0.75)).toBeCloseTo((bucketMiddleUs(8) + bucketMiddleUs(80)) / 2);
  });

  it('still sees a slow call in a hundred, which is more than the cap leaves out', () => {
    expect(
      histogramMeanUs([
        [8, 99],
        [160, 1],
      ]),
    ).toBeGreaterThan(100 * bucketMiddleUs(8));
  });
});

describe('rankShiftZ', () => {
  it('is the z of Mann and Whitney', () => {
    // Nine of nine pairs are won; 4.5 are expected, with a standard deviation of sqrt(9 * 7 / 12).
    expect(rankShiftZ([[1, 3]], [[0, 3]])).toBeCloseTo(4.5 / Math.sqrt(5.25));
  });

  it('is as far below zero for faster calls as above for slower ones', () => {
    const [fast, slow]: Histogram[] = [[[10, 30]], [[12, 20]]];
    expect(rankShiftZ(fast ?? [], slow ?? [])).toBeCloseTo(-rankShiftZ(slow ?? [], fast ?? []));
  });

  it('counts ranks only, so a call ten times as slow is no more than one that is a little slower', () => {
    const before: Histogram = [[10, 50]];
    expect(rankShiftZ([[90, 50]], before)).toBe(rankShiftZ([[11, 50]], before));
  });
});

describe('logShiftZ', () => {
  const calls = (bucket: number, count: number): Histogram => [[bucket, count]];

  it.each([
    ['too few for a spread', 2, 0],
    ['just enough', 3, 1],
    ['the most that ranks cannot judge', 19, 1],
    ['enough for ranks', 20, 0],
  ])('judges few calls only: %s', (_, count, sign) => {
    expect(Math.sign(logShiftZ(calls(80, count), calls(20, count)))).toBe(sign);
  });

  it('asks for both windows: few calls after many, and many after few, are few', () => {
    expect(logShiftZ(calls(80, 5), calls(20, 500))).toBeGreaterThan(3);
    expect(logShiftZ(calls(80, 500), calls(20, 5))).toBeGreaterThan(3);
  });

  it('is negative for faster calls', () => {
    expect(logShiftZ(calls(20, 6), calls(80, 6))).toBeCloseTo(-logShiftZ(calls(80, 6), calls(20, 6)));
  });

  it('takes equal calls for as varied as healthy ones, so two buckets more are chance', () => {
    expect(logShiftZ(calls(22, 6), calls(20, 6))).toBeLessThan(1);
  });
});

describe('the tail', () => {
  const before: Histogram = [
    [10, 95],
    [20, 5],
  ];

  it('begins at the 95th percentile, and the far tail at three times that', () => {
    const [near, far] = tailLimits(before);
    expect(near).toBe(10);
    expect(bucketMiddleUs(far) / bucketMiddleUs(near)).toBeCloseTo(3, 0);
  });

  it('is what lies beyond the limit, and not the limit itself', () => {
    expect(tailShiftZ([[10, 100]], [[10, 100]], 10)).toBe(0);
    expect(tailShiftZ([[11, 100]], [[10, 100]], 10)).toBeGreaterThan(10);
    expect(tailShiftZ([[10, 100]], [[9, 100]], 10)).toBe(0);
  });

  it('takes the far limit where only that one tells', () => {
    const now: Histogram = [
      [10, 95],
      [40, 5],
    ];
    expect(tailShiftZ(now, before, 10)).toBeCloseTo(0);
    expect(tailShiftZ(now, before)).toBe(tailShiftZ(now, before, 23));
    expect(tailShiftZ(now, before)).toBeGreaterThan(1.5);
  });

  it('says nothing without calls in one of the windows', () => {
    expect([tailShiftZ([], before), tailShiftZ(before, [])]).toEqual([0, 0]);
  });
});

it('bucketAt is the bucket that the quantile falls into, and 0 without calls', () => {
  const halves: Histogram = [
    [3, 5],
    [7, 5],
  ];
  expect([bucketAt(halves, 0.5), bucketAt(halves, 0.51), bucketAt([], 0.5)]).toEqual([3, 7, 0]);
});
