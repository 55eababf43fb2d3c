/** What is found in one incident, without any weight in it. `npm run fit` learns from it. Plain JSON. */
import { compare } from './compare/compare.ts';
import type { Comparison } from './compare/comparison.ts';
import { symptomStrength } from './compare/symptom.ts';
import { findEvidence, type ListedFinding, type SharedCause } from './evidence/find.ts';
import { type ServicesBelow, servicesBelow } from './explain/services-below.ts';
import type { RankingInput } from './input/ranking.ts';

export interface Features {
  /** Evidence for and against. */
  readonly findings: readonly ListedFinding[];
  /** Changes that fit in time and place. They count only as far as their service shifted otherwise. */
  readonly triggers: readonly ListedFinding[];
  readonly below: ServicesBelow;
  readonly shared: readonly SharedCause[];
  /** Whether the alerting services show harm themselves: 0 not at all, 1 surely. */
  readonly symptom: number;
  /** False before evidence is in: then alerts, changes and the graph alone decide. */
  readonly hasEvidence: boolean;
}

export function featuresOf(input: RankingInput): Features {
  return featuresOfComparison(compare(input));
}

/** The expensive part: runs every detector. */
export function featuresOfComparison(comparison: Comparison): Features {
  const { findings, triggers, shared } = findEvidence(comparison);
  return {
    findings,
    triggers,
    below: servicesBelow(comparison, findings),
    shared,
    symptom: symptomStrength(comparison),
    hasEvidence: comparison.input.answer !== null,
  };
}
