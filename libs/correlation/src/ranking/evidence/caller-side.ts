/** Calls that fail on the caller's side: the caller is the cause, not the peers that it cannot reach. See `fold/caller-side.ts`. */
import type { Context } from '../compare/comparison.ts';
import { type Finding, minStrength } from '../finding/finding.ts';
import { formatPercent } from '../finding/format.ts';
import { lookAtEdges } from '../finding/reference.ts';
import { exactShareZ } from '../statistics/exact-share.ts';
import { certainty } from '../statistics/statistics.ts';

export function callerSide({ callerFaults }: Context): Finding[] {
  const byCaller = Map.groupBy(callerFaults, ([{ caller }]) => caller);
  return [...byCaller].flatMap(([caller, faults]) => {
    const kind = faults.find(([, one]) => one !== 'network')?.[1] ?? 'network';
    const sum = { hits: 0, n: 0, baseHits: 0, baseN: 0 };
    for (const [{ before, during }] of faults) {
      sum.hits += during.errors;
      sum.n += during.calls;
      sum.baseHits += before.errors;
      sum.baseN += before.calls;
    }
    const [was, is] = [sum.baseHits / Math.max(1, sum.baseN), sum.hits / Math.max(1, sum.n)];
    const strength = Math.sqrt(Math.min(1, 2 * Math.max(0, is - was))) * certainty(exactShareZ(sum), callerFaults.size);
    if (strength < minStrength) return [];
    const peers = faults.map(([{ callee }]) => callee);
    return [
      {
        kind: 'caller-side',
        reason: 'callerSide',
        service: caller,
        instance: '',
        causeKind: kind,
        entity: `service:${caller}`,
        strength,
        explainable: 0,
        summary: `calls from ${caller} to ${peers.slice(0, 4).join(', ')} fail on its own side${kind === 'network' ? ', all at once' : ` (${kind}, as it logs)`}: ${formatPercent(was)} -> ${formatPercent(is)}, and nobody else's calls to them do`,
        before: formatPercent(was),
        during: formatPercent(is),
        look: lookAtEdges(caller, peers.length === 1 ? (peers[0] ?? '') : ''),
      },
    ];
  });
}
