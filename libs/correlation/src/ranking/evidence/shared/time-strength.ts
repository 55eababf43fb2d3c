/** How strongly added time speaks. */
import type { AddedTime } from '../../compare/attribution/added-time.ts';
import { lastingFactor } from '../../compare/lasting.ts';
import { halfGrowth } from '../../statistics/effect-size.ts';
import { certainty } from '../../statistics/proportions.ts';

/** Means per call in microseconds, and the part of all added time. */
export interface TimeFacts {
  readonly beforeUs: number;
  readonly duringUs: number;
  readonly share: number;
}

/** 0 to 1: the share of all added time, how large the growth is, and how sure it is. */
export function timeStrength({ addedUs, expectedUs, z, tests, lasting }: AddedTime, totalUs: number): number {
  if (addedUs <= 0) return 0;
  const growth = addedUs / Math.max(1, expectedUs);
  return Math.sqrt(addedUs / totalUs) * (growth / (growth + halfGrowth)) * certainty(z, tests) * lastingFactor(lasting);
}
