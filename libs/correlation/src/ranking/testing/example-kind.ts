/** A service that rejects requests beyond its own rate limit. No other kind reads this signal. */
import type { Comparison } from '../compare/comparison.ts';
import type { SeriesShift } from '../compare/metric-shifts.ts';
import { type Detection, type Finding, minStrength } from '../finding/finding.ts';
import { formatValue } from '../finding/format.ts';
import { evidenceKind, type RefutationInputs } from '../finding/kind.ts';
import { referenceToSeries } from '../finding/reference.ts';
import { type Refutation, refuted, survived } from '../finding/refutation.ts';
import { logOdds } from '../finding/weight.ts';
import { halfSeriesZ } from '../statistics/effect-size.ts';
import { certainty } from '../statistics/proportions.ts';

type Found = Detection<'rateLimit', SeriesShift>;

export const rateLimit = evidenceKind({
  name: 'rate-limit',
  signal: 'metrics',
  weights: { rateLimit: logOdds(2.3, 'a service that rejects requests fails its callers, and the limit is its own') },
  traits: { failsCallers: true, visibleToCallers: true, measuredByMetrics: true },
  detect({ shifts }: Pick<Comparison, 'shifts'>): Found[] {
    const limited = shifts.filter(({ shift }) => /rate[._]?limited/i.test(shift.row.metric));
    return limited
      .map(({ shift }): Found => {
        const { service, instance } = shift.row;
        // The best of all series that were looked at, whether they grew or not.
        const strength = (shift.growth / (shift.growth + 1)) * certainty(shift.z, limited.length, halfSeriesZ);
        return { weightName: 'rateLimit', service, instance, faultType: 'config', strength, facts: shift };
      })
      .filter(({ strength, facts }) => facts.z > 0 && strength >= minStrength);
  },
  describe: ({ service, facts: { row, before, during } }) => ({
    summary: `${service} rejects requests beyond its rate limit: ${formatValue(before, row.unit)} -> ${formatValue(during, row.unit)}`,
    before: formatValue(before, row.unit),
    during: formatValue(during, row.unit),
  }),
  reference: ({ facts }) => referenceToSeries(facts.row),
  refute: failsToo,
});

/** A limit that no caller notices is no cause. */
function failsToo({ degraded }: Pick<RefutationInputs, 'degraded'>, { service }: Pick<Finding, 'service'>): Refutation {
  const test = `Does ${service} answer as before?`;
  return degraded.has(service) ? survived(test, 'it is slower or fails') : refuted(test, 'no caller notices');
}
