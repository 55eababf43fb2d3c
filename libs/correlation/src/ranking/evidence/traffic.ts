/** Far more requests than before at a service that nobody in the graph calls: the load came from outside. */
import type { Comparison } from '../compare/comparison.ts';
import { callRates, type RateComparison, type Surge, surgesOf } from '../compare/rates.ts';
import type { Detection } from '../finding/finding.ts';
import { formatRatio, formatValue } from '../finding/format.ts';
import { evidenceKind } from '../finding/kind.ts';
import { referenceToOperations } from '../finding/reference.ts';
import { logOdds } from '../finding/weight.ts';
import { reachableFrom } from '../rows/service-graph.ts';
import { surgeReachesOn } from './shared/load.ts';

type Found = Detection<'traffic', Surge>;
type Inputs = Parameters<typeof surgesOf>[0];

/** At half as much again beyond a surge the evidence is half of a proof: three times the usual. */
const halfBeyond = 0.5;

export const traffic = evidenceKind({
  name: 'traffic',
  signal: 'spans',
  weights: { traffic: logOdds(4, 'far more requests than before at an entry') },
  traits: { affectsPart: true },
  detect: (inputs: Inputs): Found[] =>
    surgesOf(inputs).map((surge) => ({
      weightName: 'traffic',
      service: surge.service,
      faultType: 'traffic',
      strength: surge.beyond / (surge.beyond + halfBeyond),
      facts: surge,
    })),
  describe: ({ service, facts: { before, during } }) => ({
    summary: `${service} gets ${formatRatio(during.perSecond, before.perSecond)} the requests: ${formatValue(before.perSecond, '/s')} -> ${formatValue(during.perSecond, '/s')}`,
    before: formatValue(before.perSecond, '/s'),
    during: formatValue(during.perSecond, '/s'),
  }),
  reference: ({ service }) => referenceToOperations(service),
  refute: surgeReachesOn,
  explains: calledMore,
});

/** From three times the usual on: most systems are not built for that. */
const breaking = 3;

/**
 * Services that are called more often by at least half of the entry's growth. Of a breaking surge, all that it can reach: what fails first
 * under it keeps the requests from the rest.
 */
function calledMore(inputs: Inputs & Pick<Comparison, 'callees'>, entry: string): string[] {
  const rates = callRates(inputs);
  const surge = rates.get(entry);
  if (surge === undefined) return [];
  const growth = growthBeyondOne(surge);
  const reached = growth >= breaking - 1 ? reachableFrom(inputs.callees, entry) : new Set<string>();
  return [...rates].flatMap(([service, rate]) =>
    service !== entry && (reached.has(service) || growthBeyondOne(rate) >= growth / 2) ? [service] : [],
  );
}

function growthBeyondOne({ before, during }: RateComparison): number {
  return during.perSecond / Math.max(before.perSecond, 1e-9) - 1;
}
