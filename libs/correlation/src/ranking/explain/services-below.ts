/** Which services below another one may explain its findings. */
import type { Comparison } from '../compare/comparison.ts';
import type { Finding } from '../finding/finding.ts';
import type { Traits } from '../finding/traits.ts';

/** Whether a finding may make callers stop short or fail. */
export function failsCallers({ failsCallers: fails }: Traits): boolean {
  return fails === true;
}

/** Whether a finding may make callers wait until they give up: whatever fails them, and whatever slows them. */
export function delaysCallers(traits: Traits): boolean {
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
