/** The service's own code takes longer: time in its spans less all that it waited for. */

import type { AddedTime } from '../compare/attribution/added-time.ts';
import type { Context } from '../compare/comparison.ts';
import { lastingFactor } from '../compare/lasting.ts';
import { type Finding, minStrength } from '../finding/finding.ts';
import { formatPercent, formatUs } from '../finding/format.ts';
import { lookAtOperations } from '../finding/reference.ts';
import { halfGrowth } from '../statistics/effect-size.ts';
import { certainty } from '../statistics/statistics.ts';

export function selfTime(context: Context): Finding[] {
  const { ledger } = context;
  return [...ledger.self.values()].flatMap((added) => {
    const strength = timeStrength(added, ledger.totalUs);
    return strength < minStrength
      ? []
      : [
          finding(added, {
            strength,
            totalUs: ledger.totalUs,
            explainable: context.waiting.has(added.service) ? 1 : 0,
          }),
        ];
  });
}

/** 0 to 1: the share of all added time, how much more than before it is, and how sure that is. */
export function timeStrength({ addedUs, expectedUs, z, tests, lasting }: AddedTime, totalUs: number): number {
  if (addedUs <= 0) return 0;
  const growth = addedUs / Math.max(1, expectedUs);
  return Math.sqrt(addedUs / totalUs) * (growth / (growth + halfGrowth)) * certainty(z, tests) * lastingFactor(lasting);
}

function finding(
  added: AddedTime,
  { strength, totalUs, explainable }: { strength: number; totalUs: number; explainable: number },
): Finding {
  const share = formatPercent(added.addedUs / totalUs);
  return {
    kind: 'self-time',
    reason: 'selfTime',
    service: added.service,
    instance: added.instance,
    causeKind: 'latency',
    entity: `service:${added.service}`,
    strength,
    explainable,
    summary: `${added.service} spends longer in its own code, most in ${added.where}: ${formatUs(added.beforeUs)} -> ${formatUs(added.duringUs)} a call, ${share} of all added time`,
    before: formatUs(added.beforeUs),
    during: formatUs(added.duringUs),
    look: lookAtOperations(added.service, added.where),
  };
}
