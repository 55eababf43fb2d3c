/** Whether the first candidate is named as the cause. */
import type { Candidate, Scored } from './candidate.ts';

/** Below it nobody should act on it: it must be right three times in five at least. */
export const leastProbability = 0.6;

/** Likely enough to act on, more likely than that there is nothing here, and measured: what alerts and changes say alone is no finding. */
export function isIdentified({ candidates: [best], nothing }: Scored, first: Candidate | undefined): boolean {
  if (best === undefined || first === undefined || !isMeasured(first) || isUnconnected(first)) return false;
  return best.logOdds > nothing && first.probability >= leastProbability;
}

/** Whether nothing connects it with what alerts. It may be at fault, but for the alerts of another incident. */
function isUnconnected({ findings }: Pick<Candidate, 'findings'>): boolean {
  return findings.some(({ traits }) => traits.unconnected === true);
}

/** Whether any telemetry speaks for the candidate. */
function isMeasured({ findings }: Pick<Candidate, 'findings'>): boolean {
  return findings.some(
    ({ isAgainst, traits, weight }) => !isAgainst && weight > 0 && traits.report !== true && traits.trigger !== true,
  );
}
