/** The deepest cause explains: what a caller loses or reports because of a service below it is taken off the caller's account. */
import type { Traits } from '../finding/traits.ts';
import type { Weighed } from '../weigh/weigh.ts';
import { delaysCallers, failsCallers, type ServicesBelow } from './services-below.ts';

/** Takes off what the strongest service below explains, by the share `explained`. The order is kept. */
export function explainByCallees(findings: readonly Weighed[], below: ServicesBelow, explained: number): Weighed[] {
  const failures = sumsOf(findings, failsCallers);
  const delays = sumsOf(findings, delaysCallers);
  return findings.map((finding) => {
    if (finding.explainable <= 0) return finding;
    const evidence = finding.traits.mayBeWaiting === true ? delays : failures;
    const deepest = strongest(below[finding.service] ?? [], evidence);
    if (deepest === '') return finding;
    const taken = explained * Math.min(finding.explainable * finding.weight, evidence.get(deepest) ?? 0);
    return taken <= 0
      ? finding
      : { ...finding, weight: finding.weight - taken, explainedBy: [...finding.explainedBy, deepest] };
  });
}

function sumsOf(findings: readonly Weighed[], counts: (traits: Traits) => boolean): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { service, weight, traits } of findings)
    if (counts(traits)) sums.set(service, (sums.get(service) ?? 0) + Math.max(0, weight));
  return sums;
}

/** The service with the most evidence; of equals the nearest. */
function strongest(services: readonly string[], evidence: ReadonlyMap<string, number>): string {
  let best = '';
  for (const service of services) if ((evidence.get(service) ?? 0) > (evidence.get(best) ?? 0)) best = service;
  return best;
}
