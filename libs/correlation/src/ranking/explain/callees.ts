/** Deepest explains: what a caller lost or reports because of a service below it is taken off the caller's account. */
import type { Context } from '../compare/comparison.ts';
import type { Finding, Weighed } from '../finding/finding.ts';

/** What can make a caller stop short or fail. A slow callee makes it late, and lateness is not explained here but subtracted. */
const failureKinds = new Set([
  'steps',
  'error-lines',
  'lost-calls',
  'last-call',
  'own-errors',
  'silent-hop',
  'unreachable',
  'caller-side',
  'restarts',
  'blind',
  'service-metrics',
]);
/** What a caller may wait for until it gives up: those, and whatever makes a callee slow. */
const waitKinds = new Set([...failureKinds, 'self-time', 'edge-gap', 'resources']);

/** The kinds of evidence below that may explain this finding: time and errors of its own are those of somebody only if it waited. */
function explainersOf({ kind }: Finding): ReadonlySet<string> {
  return kind === 'self-time' || kind === 'own-errors' ? waitKinds : failureKinds;
}

/** For each service with an explainable finding, the failing services among all that it calls, directly or not. */
export function servicesBelow(context: Context, findings: readonly Finding[]): Record<string, readonly string[]> {
  const failing = new Set(findings.filter(({ kind }) => waitKinds.has(kind)).map(({ service }) => service));
  const explainable = new Set(findings.filter((one) => one.explainable > 0).map(({ service }) => service));
  const below = [...explainable].sort().map((service) => [service, reachable(context, service, failing)] as const);
  return Object.fromEntries(below.filter(([, services]) => services.length > 0));
}

/** In the order of distance, ties by name. */
function reachable({ callees }: Context, from: string, wanted: ReadonlySet<string>): string[] {
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

/** Findings with what others explain taken off their weight: the share `explained` of the strongest below. Order is kept. */
export function explainAway(
  findings: readonly Weighed[],
  below: Readonly<Record<string, readonly string[]>>,
  explained: number,
): Weighed[] {
  const [failures, waits] = [sumsOf(findings, failureKinds), sumsOf(findings, waitKinds)];
  return findings.map((finding) => {
    if (finding.explainable <= 0) return finding;
    const own = explainersOf(finding) === waitKinds ? waits : failures;
    const deeper = strongest(below[finding.service] ?? [], own);
    if (deeper === '') return finding;
    const taken = explained * Math.min(finding.explainable * finding.weight, own.get(deeper) ?? 0);
    return taken <= 0
      ? finding
      : { ...finding, weight: finding.weight - taken, summary: `${finding.summary} (partly explained by ${deeper})` };
  });
}

function sumsOf(findings: readonly Weighed[], kinds: ReadonlySet<string>): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { service, weight, kind } of findings)
    if (kinds.has(kind)) sums.set(service, (sums.get(service) ?? 0) + Math.max(0, weight));
  return sums;
}

/** The service with the most evidence; of equals the nearest. */
function strongest(services: readonly string[], own: ReadonlyMap<string, number>): string {
  let best = '';
  for (const service of services) if ((own.get(service) ?? 0) > (own.get(best) ?? 0)) best = service;
  return best;
}
