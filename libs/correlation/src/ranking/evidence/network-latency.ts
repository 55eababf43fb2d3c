import type { EdgeComparison } from '../compare/calls.ts';
import type { Comparison } from '../compare/comparison.ts';
import { type Detection, type Finding, minStrength } from '../finding/finding.ts';
import { formatEdge, formatPercent, formatUs } from '../finding/format.ts';
import { evidenceKind, type RefutationInputs } from '../finding/kind.ts';
import { referenceToEdges } from '../finding/reference.ts';
import { notRun, type Refutation, refuted, survived } from '../finding/refutation.ts';
import { logOdds } from '../finding/weight.ts';
import type { CallEdge } from '../rows/call-edge.ts';
import { histogramMeanUs, rankShiftZ } from '../statistics/durations.ts';
import { otherCallees, otherCallers } from './shared/other-calls.ts';
import { type TimeFacts, timeStrength } from './shared/time-strength.ts';

type Found = Detection<'networkLatency', TimeFacts & { readonly edge: CallEdge }>;

export const networkLatency = evidenceKind({
  name: 'network-latency',
  signal: 'spans',
  weights: {
    networkLatency: logOdds(
      5,
      'time added between caller and callee: as clear, but caller, callee and network share it',
    ),
  },
  traits: { delaysCallers: true, visibleToCallers: true, addedTime: true },
  detect({ attribution: { network, totalUs } }: Pick<Comparison, 'attribution'>): Found[] {
    return [...network.values()].flatMap((added): Found[] => {
      const { service, instance, edge, beforeUs, duringUs, addedUs } = added;
      const strength = timeStrength(added, totalUs);
      if (strength < minStrength || edge === null) return [];
      const facts = { edge, beforeUs, duringUs, share: addedUs / totalUs };
      return [{ weightName: 'networkLatency', service, instance, faultType: 'network', edge, strength, facts }];
    });
  },
  describe: ({ facts: { edge, beforeUs, duringUs, share } }) => ({
    summary: `network latency ${formatEdge(edge)} rose while the server is not slower: ${formatUs(beforeUs)} -> ${formatUs(duringUs)} a call, ${formatPercent(share)} of all added time`,
    before: formatUs(beforeUs),
    during: formatUs(duringUs),
  }),
  reference: ({ facts }) => referenceToEdges(facts.edge),
  refute: otherEnd,
});

/** The other calls of the end that is not blamed tell whether that end is slow. */
function otherEnd(
  inputs: Pick<RefutationInputs, 'edges'>,
  { service, edge }: Pick<Finding, 'service' | 'edge'>,
): Refutation {
  const { caller, callee } = edge ?? { caller: '', callee: '' };
  const isCallee = service === callee;
  const test = isCallee
    ? `Are other calls of ${caller} late as well?`
    : `Do other callers of ${callee} wait longer as well?`;
  const beside = isCallee ? otherCallees : otherCallers;
  const others = beside(inputs, { caller, callee }).filter(isTimed);
  if (others.length === 0)
    return notRun(
      test,
      isCallee ? `${caller} calls nothing else that reports its own time` : `only ${caller} calls ${callee}`,
    );
  const late = others.filter(waitsLonger).length;
  const how = `${late} of ${others.length}`;
  return late * 2 < others.length ? survived(test, how) : refuted(test, how);
}

function isTimed({ before, during }: EdgeComparison): boolean {
  return before.inner.length > 0 && during.inner.length > 0;
}

/** People call it slower from about a quarter on, and three standard deviations are seldom chance. */
function waitsLonger({ before, during }: EdgeComparison): boolean {
  const growth = histogramMeanUs(during.inner) / Math.max(1, histogramMeanUs(before.inner)) - 1;
  return growth > 0.25 && rankShiftZ(during.inner, before.inner) > 3;
}
