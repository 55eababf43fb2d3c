/** Far more requests than before at a service that nobody in the graph calls: the load came from outside. */
import type { Context } from '../compare/comparison.ts';
import { callRates, type RatePair } from '../compare/rates.ts';
import type { Finding } from '../finding/finding.ts';
import { formatRatio, formatValue } from '../finding/format.ts';
import { lookAtOperations } from '../finding/reference.ts';

/** Twice the traffic is where capacity planning usually ends. */
const surge = 2;
const minCalls = 50;
/** Half as much again beyond that is half of a proof: three times the usual. */
const halfBeyond = 0.5;

export function traffic(context: Context): Finding[] {
  const entries = context.services.filter((name) => context.traced.has(name) && !context.callers.has(name));
  const rates = callRates(context);
  return entries.flatMap((service) => {
    const { before, during } = rates.get(service) ?? none;
    if (before.calls < minCalls || during.perSecond < surge * before.perSecond) return [];
    const growth = during.perSecond / Math.max(before.perSecond, 1e-9) / surge - 1;
    return [
      {
        kind: 'traffic',
        reason: 'traffic',
        service,
        instance: '',
        causeKind: 'traffic',
        entity: `service:${service}`,
        strength: growth / (growth + halfBeyond),
        explainable: 0,
        summary: `requests at ${service} rose ${formatRatio(during.perSecond, before.perSecond)}: ${formatValue(before.perSecond, '/s')} -> ${formatValue(during.perSecond, '/s')}`,
        before: formatValue(before.perSecond, '/s'),
        during: formatValue(during.perSecond, '/s'),
        look: lookAtOperations(service),
      },
    ];
  });
}

const none: RatePair = { before: { calls: 0, perSecond: 0 }, during: { calls: 0, perSecond: 0 } };
