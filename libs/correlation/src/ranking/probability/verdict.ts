/** Whether the first candidate is named as the cause. */
import type { Candidate, Scored } from './candidate.ts';

/** Below it nobody should act on it: it must be right three times in five at least. */
const leastProbability = 0.6;

/** Likely enough to act on, and more likely than that there is nothing here. */
export function isIdentified({ candidates: [best], nothing }: Scored, first: Candidate | undefined): boolean {
  return best !== undefined && first !== undefined && best.logOdds > nothing && first.probability >= leastProbability;
}
