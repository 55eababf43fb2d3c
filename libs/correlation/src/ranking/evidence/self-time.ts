/** The service's own code takes longer: time in its spans, less all that it waited for. */
import type { Comparison } from '../compare/comparison.ts';
import { type Detection, minStrength } from '../finding/finding.ts';
import { formatPercent, formatUs } from '../finding/format.ts';
import { evidenceKind } from '../finding/kind.ts';
import { referenceToOperations } from '../finding/reference.ts';
import { logOdds } from '../finding/weight.ts';
import { timeElsewhere } from './shared/time-elsewhere.ts';
import { type TimeFacts, timeStrength } from './shared/time-strength.ts';

type Found = Detection<'selfTime', TimeFacts & { readonly operation: string }>;

export const selfTime = evidenceKind({
  name: 'self-time',
  signal: 'spans',
  weights: {
    selfTime: logOdds(
      5,
      'time added in its own code: nearly a proof when all of it is there, since child calls are not counted',
    ),
  },
  traits: { delaysCallers: true, mayBeWaiting: true, visibleToCallers: true, addedTime: true },
  detect({ attribution, waiting }: Pick<Comparison, 'attribution' | 'waiting'>): Found[] {
    return [...attribution.self.values()].flatMap((added): Found[] => {
      const { service, instance, operation, beforeUs, duringUs, addedUs } = added;
      const strength = timeStrength(added, attribution.totalUs);
      if (strength < minStrength) return [];
      const facts = { operation, beforeUs, duringUs, share: addedUs / attribution.totalUs };
      const explainable = waiting.has(service) ? 1 : 0;
      return [{ weightName: 'selfTime', service, instance, faultType: 'latency', strength, explainable, facts }];
    });
  },
  describe: ({ service, facts: { operation, beforeUs, duringUs, share } }) => ({
    summary: `${service} is slower in its own code, mostly in ${operation}: ${formatUs(beforeUs)} -> ${formatUs(duringUs)} a call, ${formatPercent(share)} of all added time`,
    before: formatUs(beforeUs),
    during: formatUs(duringUs),
  }),
  reference: ({ service, facts }) => referenceToOperations(service, facts.operation),
  refute: timeElsewhere,
});
