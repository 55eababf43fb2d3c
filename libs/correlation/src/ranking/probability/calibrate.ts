/** From log-odds to calibrated probabilities. */
import type { Calibration } from '../weigh/tuning.ts';
import type { Candidate, Scored } from './candidate.ts';

const maxCandidates = 10;

/**
 * At most ten candidates, their probabilities strictly falling. The probabilities are a softmax with "none of these". The first one is
 * calibrated (Platt, 1999): on cases that the weights were not fitted on, it is right as often as it says. The rest is shared as before.
 */
export function withProbabilities({ candidates, nothing }: Scored, { slope, offset }: Calibration): Candidate[] {
  const total = candidates.reduce((sum, { logOdds }) => sum + Math.exp(logOdds), Math.exp(nothing));
  const first = Math.exp(candidates[0]?.logOdds ?? 0) / total;
  const calibrated = 1 / (1 + Math.exp(-offset - slope * Math.log(first / Math.max(1e-12, 1 - first))));
  const rest = (1 - calibrated) / Math.max(1e-12, 1 - first);
  return fallingStrictly(
    candidates.slice(0, maxCandidates).map((one, i) => {
      const probability = Math.exp(one.logOdds) / total;
      return { ...one, probability: i === 0 ? calibrated : Math.min(calibrated, probability * rest) };
    }),
  );
}

const step = 1e-6;

function fallingStrictly(candidates: readonly Candidate[]): Candidate[] {
  let last = 1;
  return candidates.map((candidate) => {
    const probability = Math.min(Math.round(candidate.probability / step) * step, last - step);
    last = Math.max(0, Number(probability.toFixed(6)));
    return { ...candidate, probability: last };
  });
}
