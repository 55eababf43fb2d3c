import { bucketMiddleUs, type Histogram, mergeHistograms } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { middleUs, sumHistograms } from './sum-histograms.ts';

const sum = (histograms: readonly Histogram[]) => sumHistograms(histograms, (one) => one);

describe('sumHistograms', () => {
  it.each<[string, Histogram[]]>([
    ['no rows', []],
    ['rows without calls', [[], []]],
    ['one row', [[[5, 2]]]],
    ['rows that share a bucket', [[[5, 2]], [[5, 3]]]],
    [
      'rows far apart',
      [
        [[0, 1]],
        [
          [200, 4],
          [900, 1],
        ],
        [[3, 7]],
      ],
    ],
  ])('has the same result as the plain merge, for %s', (_, histograms) => {
    expect(sum(histograms)).toEqual(mergeHistograms(histograms));
  });

  it('puts a duration that is too long for any bucket into the last', () => {
    expect(sum([[[5000, 2]], [[1023, 1]]])).toEqual([[1023, 3]]);
  });

  it('is not moved by the sum before it, of longer durations', () => {
    sum([[[800, 9]], [[801, 9]]]);
    expect(sum([[[1, 1]], [[900, 1]]])).toEqual([
      [1, 1],
      [900, 1],
    ]);
  });
});

it('middleUs has the same numbers as the formula, and the last of the table beyond it', () => {
  expect([0, 8, 300].map(middleUs)).toEqual([0, 8, 300].map(bucketMiddleUs));
  expect(middleUs(2000)).toBe(middleUs(1023));
});
