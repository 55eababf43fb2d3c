/** A throttled container: it is slow however fast its code is. */
import type { Comparison } from '../compare/comparison.ts';
import type { SeriesShift } from '../compare/metric-shifts.ts';
import { type Detection, type Finding, minStrength } from '../finding/finding.ts';
import { formatValue } from '../finding/format.ts';
import { evidenceKind, type RefutationInputs } from '../finding/kind.ts';
import { referenceToSeries } from '../finding/reference.ts';
import { type Refutation, refuted, survived } from '../finding/refutation.ts';
import { logOdds } from '../finding/weight.ts';
import { certainty } from '../statistics/proportions.ts';

type Found = Detection<'throttling', SeriesShift>;

export const throttling = evidenceKind({
  name: 'throttling',
  signal: 'metrics',
  weights: { throttling: logOdds(3, 'a throttled container is slow, whatever its code does') },
  traits: { delaysCallers: true, measuredByMetrics: true, resource: true },
  detect({ shifts }: Pick<Comparison, 'shifts'>): Found[] {
    const throttled = shifts.filter(({ shift }) => /throttl/i.test(shift.row.metric) && shift.growth > 0);
    return throttled
      .map(({ shift }): Found => {
        const { service, instance } = shift.row;
        const strength = (shift.growth / (shift.growth + 1)) * certainty(shift.z, throttled.length);
        return { weightName: 'throttling', service, instance, faultType: 'cpu', strength, facts: shift };
      })
      .filter(({ strength }) => strength >= minStrength);
  },
  describe: ({ service, facts: { row, before, during } }) => ({
    summary: `${service} is throttled: ${formatValue(before, row.unit)} -> ${formatValue(during, row.unit)}`,
    before: formatValue(before, row.unit),
    during: formatValue(during, row.unit),
  }),
  reference: ({ facts }) => referenceToSeries(facts.row),
  refute: slowerToo,
});

/** Throttling that nobody notices is no cause. */
function slowerToo(
  { degraded }: Pick<RefutationInputs, 'degraded'>,
  { service }: Pick<Finding, 'service'>,
): Refutation {
  const test = `Does ${service} answer as before?`;
  return degraded.has(service) ? survived(test, 'it is slower or fails') : refuted(test, 'no caller notices');
}
