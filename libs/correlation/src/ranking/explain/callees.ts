/** The deepest cause explains: what a caller loses or reports because of a service below it is taken off the caller's account. */
import type { Comparison } from '../compare/comparison.ts';
import type { Finding } from '../finding/finding.ts';
import type { Traits } from '../finding/traits.ts';
import type { Weighed } from '../weigh/weigh.ts';

/** Whether a finding may make callers stop short or fail. */
function failsCallers({ failsCallers: fails }: Traits): boolean {
  return fails === true;
}

/** Whether a finding may make callers wait until they give up: whatever fails them, and whatever slows them. */
function delaysCallers(traits: Traits): boolean {
  return failsCallers(traits) || traits.delaysCallers === true;
}

/** For each service with an explainable finding, the suspicious services among all that it calls, directly or not. */
export type ServicesBelow = Readonly<Record<string, readonly string[]>>;

/** Services in the order of distance, ties by name. */
export function servicesBelow({ callees }: Pick<Comparison, 'callees'>, findings: readonly Finding[]): ServicesBelow {
  const suspicious = new Set(findings.filter(({ traits }) => delaysCallers(traits)).map(({ service }) => service));
  const explainable = new Set(findings.filter((one) => one.explainable > 0).map(({ service }) => service));
  const below = [...explainable].sort().map((service) => [service, reachable(callees, service, suspicious)] as const);
  return Object.fromEntries(below.filter(([, services]) => services.length > 0));
}

function reachable(callees: Comparison['callees'], from: string, wanted: ReadonlySet<string>): string[] {
  const seen = new Set([from]);
  const queue = [from];
  const found: string[] = [];
  for (let at = 0; at < queue.length; at++)
    for (const callee of callees.get(queue[at] ?? '') ?? []) {
      if (seen.has(callee)) continue;
      seen.add(callee);
      queue.push(callee);
      if (wanted.has(callee)) found.push(callee);
    }
  return found;
}

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
