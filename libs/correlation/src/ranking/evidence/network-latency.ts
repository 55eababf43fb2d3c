/** Calls take longer between client and server: the client waits longer than the server works. A slow network, or a queue before the server. */
import type { Comparison } from '../compare/comparison.ts';
import { type Detection, minStrength } from '../finding/finding.ts';
import { formatEdge, formatPercent, formatUs } from '../finding/format.ts';
import { evidenceKind } from '../finding/kind.ts';
import { referenceToEdges } from '../finding/reference.ts';
import { logOdds } from '../finding/weight.ts';
import type { CallEdge } from '../rows/call-edge.ts';
import { otherEnd } from './refute/time.ts';
import { type TimeFacts, timeStrength } from './shared/time-strength.ts';

type Found = Detection<'edgeGap', TimeFacts & { readonly edge: CallEdge }>;

export const networkLatency = evidenceKind({
  name: 'edge-gap',
  signal: 'spans',
  weights: {
    edgeGap: logOdds(5, 'time added between caller and callee: as good, but caller, callee and the wire share it'),
  },
  traits: { delaysCallers: true, visibleToCallers: true, addedTime: true },
  detect({ attribution: { network, totalUs } }: Pick<Comparison, 'attribution'>): Found[] {
    return [...network.values()].flatMap((added): Found[] => {
      const { service, instance, edge, beforeUs, duringUs, addedUs } = added;
      const strength = timeStrength(added, totalUs);
      if (strength < minStrength || edge === null) return [];
      const facts = { edge, beforeUs, duringUs, share: addedUs / totalUs };
      return [{ weightName: 'edgeGap', service, instance, faultType: 'network', edge, strength, facts }];
    });
  },
  describe: ({ facts: { edge, beforeUs, duringUs, share } }) => ({
    summary: `the way ${formatEdge(edge)} takes longer while the server does not: ${formatUs(beforeUs)} -> ${formatUs(duringUs)} a call, ${formatPercent(share)} of all added time`,
    before: formatUs(beforeUs),
    during: formatUs(duringUs),
  }),
  reference: ({ facts }) => referenceToEdges(facts.edge),
  refute: otherEnd,
});
