/** Tests of two shares, and how far a z statistic counts. */
import type { Proportions } from './exact-share.ts';
import { clamp } from './robust.ts';

/**
 * The z of `hits` of `n` now against `baseHits` of `baseN` before. One success and one failure are added to each, so
 * that none of 3 against all of 4 is no proof (Agresti and Caffo, The American Statistician 54, 2000).
 */
export function twoProportionZ({ hits, n, baseHits, baseN }: Proportions): number {
  const now = (hits + 1) / (n + 2);
  const before = (baseHits + 1) / (baseN + 2);
  const variance = (now * (1 - now)) / (n + 2) + (before * (1 - before)) / (baseN + 2);
  return (now - before) / Math.sqrt(variance);
}

/** The difference of two shares on the arcsine scale, -pi to pi: a step is as large near 0 and 1 as in the middle (Cohen's h, 1988). */
export function shareEffect({ hits, n, baseHits, baseN }: Proportions): number {
  const angle = (count: number, of: number): number => 2 * Math.asin(Math.sqrt(clamp((count + 0.5) / (of + 1), 0, 1)));
  return angle(hits, n) - angle(baseHits, baseN);
}

/** How far a z counts, 0 to 1: nothing below 2, half at `half`. It saturates, since beyond that other errors than chance prevail. */
export function significance(z: number, half = 4): number {
  if (z < 2) return 0;
  return (z * z) / (z * z + half * half);
}

/**
 * The z that is left when the best of `tests` is picked (Bonferroni, with the tail exp(-z^2/2) of the normal distribution). The best of a
 * thousand quiet signals has 3.7 by chance. Keeps the sign.
 */
export function familyWiseZ(z: number, tests: number): number {
  return Math.sign(z) * Math.sqrt(Math.max(0, z * z - 2 * Math.log(Math.max(1, tests))));
}

/**
 * How far a z counts that is the best of many, 0 to 1. What is left of it beyond chance over all `tests` counts in full. A shift that so
 * many tests make by chance keeps a quarter: that orders the list and identifies nothing.
 */
export function certainty(z: number, tests: number, half = 4): number {
  const left = familyWiseZ(z, tests);
  const beyond = left <= 0 ? 0 : (left * left) / (left * left + half * half);
  return 0.25 * significance(z, half) + 0.75 * beyond;
}
