/** Calls take longer on the way: the client waits longer than the server works. Slow network, or a queue before the server. */
import type { Context } from '../compare/comparison.ts';
import { type Finding, minStrength } from '../finding/finding.ts';
import { formatPercent, formatUs } from '../finding/format.ts';
import { lookAtEdge } from '../finding/reference.ts';
import { timeStrength } from './self-time.ts';

export function edgeGap(context: Context): Finding[] {
  const { gap, totalUs } = context.ledger;
  return [...gap.values()].flatMap((added) => {
    const strength = timeStrength(added, totalUs);
    if (strength < minStrength) return [];
    return [
      {
        kind: 'edge-gap',
        reason: 'edgeGap',
        service: added.service,
        instance: added.instance,
        causeKind: 'network',
        entity: `edge:${added.where}`,
        strength,
        explainable: 0,
        summary: `the way ${added.where} takes longer while the server does not: ${formatUs(added.beforeUs)} -> ${formatUs(added.duringUs)} a call, ${formatPercent(added.addedUs / totalUs)} of all added time`,
        before: formatUs(added.beforeUs),
        during: formatUs(added.duringUs),
        look: lookAtEdge(added.where),
      },
    ];
  });
}
