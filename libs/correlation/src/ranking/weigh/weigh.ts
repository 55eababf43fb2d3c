/** Gives findings their weights. */
import type { ListedFinding } from '../evidence/find.ts';
import { type Tuning, weightOf } from './tuning.ts';

/** A finding with the log-odds that it adds. */
export interface Weighed extends ListedFinding {
  readonly weight: number;
  /** Services or failure domains that account for part of it, in the order in which that was taken off. */
  readonly explainedBy: readonly string[];
}

export function weighFindings(findings: readonly ListedFinding[], tuning: Pick<Tuning, 'numbers'>): Weighed[] {
  return findings.map((finding) => ({
    ...finding,
    weight: weightOf(tuning, finding.weightName) * finding.strength,
    explainedBy: [],
  }));
}
