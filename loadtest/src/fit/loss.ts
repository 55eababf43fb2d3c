/** Log loss: minus the logarithm of the probability of the truth. */
import { type Scored, scoreFeatures, type Tuning } from '@faultline/correlation';
import type { Sample } from './sample.ts';

/** Softmax probability of the truth. If the truth is not a candidate, "none of these" is right. */
export function probabilityOfTruth({ candidates, nothing }: Scored, services: readonly string[]): number {
  const scores = [...candidates.map(({ logOdds }) => logOdds), nothing];
  const highest = Math.max(...scores);
  const total = scores.reduce((sum, score) => sum + Math.exp(score - highest), 0);
  const named = candidates.filter(({ service }) => services.includes(service));
  const right = named.length > 0 ? named.map(({ logOdds }) => logOdds) : [nothing];
  return right.reduce((sum, score) => sum + Math.exp(score - highest), 0) / total;
}

/** Limits the weight of a single sample, because labels can be wrong. */
const leastProbability = 1e-3;

export function lossOf({ features, services }: Sample, tuning: Tuning): number {
  const probability = probabilityOfTruth(scoreFeatures(features, tuning), services);
  return -Math.log(leastProbability + (1 - leastProbability) * probability);
}

/** Probability of the first candidate before calibration, and whether it is right. Null without candidates. */
export function firstOf({ features, services }: Sample, tuning: Tuning): { probability: number; hit: boolean } | null {
  const scored = scoreFeatures(features, tuning);
  const [first] = scored.candidates;
  if (first === undefined) return null;
  return { probability: probabilityOfTruth(scored, [first.service]), hit: services.includes(first.service) };
}
