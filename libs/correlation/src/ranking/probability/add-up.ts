/** Adds up the log-odds of each service's findings. */
import { compareFindings } from '../finding/finding.ts';
import type { Weighed } from '../weigh/weigh.ts';
import type { Scored } from './candidate.ts';
import { mechanismOfFindings } from './mechanism.ts';

/** The candidates, best first. Sums are taken in a fixed order. `repeated`: what a further finding of the same kind adds. */
export function addUp(findings: readonly Weighed[], repeated: number): Scored['candidates'] {
  const candidates = [...Map.groupBy(findings, ({ service }) => service)].map(([service, own]) => ({
    service,
    findings: own.toSorted((a, b) => b.weight - a.weight || compareFindings(a, b)),
    logOdds: sumOf(own, repeated),
  }));
  candidates.sort((a, b) => b.logOdds - a.logOdds || (a.service < b.service ? -1 : 1));
  return candidates.map((one) => ({ ...one, ...mechanismOfFindings(one.findings) }));
}

/** Of each kind the strongest counts in full, and each further one by `repeated` of the one before: it is not independent of that. */
function sumOf(findings: readonly Weighed[], repeated: number): number {
  let sum = 0;
  for (const [, same] of Map.groupBy(findings, ({ kind }) => kind)) {
    const ordered = same.map(({ weight }) => weight).sort((a, b) => b - a);
    ordered.forEach((weight, i) => {
      sum += i === 0 ? weight : weight * repeated ** i;
    });
  }
  return sum;
}
