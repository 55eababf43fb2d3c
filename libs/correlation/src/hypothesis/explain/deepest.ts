/** Deepest explains: what a caller lost or reports because of a service below it is taken off the caller's account. */
import type { Context } from '../context.ts';
import type { Finding } from '../finding.ts';
import { weights } from '../weights.ts';

/** What can make a caller stop short or fail. A slow callee makes it late, and lateness is not explained here but subtracted. */
const failureKinds = new Set(['steps', 'lost-calls', 'own-errors', 'silent-hop', 'blind', 'service-metrics']);

/** Findings with what others explain taken off their weight. Order is kept. */
export function explainAway(context: Context, findings: readonly Finding[]): Finding[] {
  const own = new Map<string, number>();
  for (const { service, weight, kind } of findings)
    if (failureKinds.has(kind)) own.set(service, (own.get(service) ?? 0) + Math.max(0, weight));
  const below = new Map(context.services.map((service) => [service, strongestBelow(context, own, service)]));
  return findings.map((finding) => {
    const deeper = below.get(finding.service);
    if (deeper === undefined || finding.explainable <= 0) return finding;
    const taken = weights.explained * Math.min(finding.explainable, deeper.weight);
    return taken <= 0
      ? finding
      : {
          ...finding,
          weight: finding.weight - taken,
          summary: `${finding.summary} (partly explained by ${deeper.service})`,
        };
  });
}

interface Deeper {
  readonly service: string;
  readonly weight: number;
}

/** The service with the most evidence among all that this one calls, directly or not. */
function strongestBelow(context: Context, own: ReadonlyMap<string, number>, from: string): Deeper | undefined {
  const seen = new Set([from]);
  const queue = [from];
  let best: Deeper | undefined;
  for (let service = queue.shift(); service !== undefined; service = queue.shift()) {
    for (const callee of context.callees.get(service) ?? []) {
      if (seen.has(callee)) continue;
      seen.add(callee);
      queue.push(callee);
      const weight = own.get(callee) ?? 0;
      if (weight > (best?.weight ?? 0)) best = { service: callee, weight };
    }
  }
  return best;
}
