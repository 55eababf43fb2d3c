/** Refuting tests of what grows under load. More requests would explain it without a fault. */
import { callRates, growthOf, type surgesOf } from '../../compare/rates.ts';
import type { Finding } from '../../finding/finding.ts';
import { formatRatio } from '../../finding/format.ts';
import type { RefutationInputs } from '../../finding/kind.ts';
import { notRun, type Refutation, refuted, survived } from '../../finding/refutation.ts';
import { halfGrowth } from '../../statistics/effect-size.ts';

export type RateInputs = Parameters<typeof callRates>[0];

export type LoadInputs = RateInputs & Parameters<typeof surgesOf>[0] & Pick<RefutationInputs, 'callees' | 'shifts'>;

/** Growth of the load would explain it. Null: nobody counted. */
export function judgeGrowth(test: string, growth: number | null): Refutation {
  if (growth === null) return notRun(test, 'requests were not counted before and after the onset');
  const how = `${formatRatio(growth, 1)} as many as before`;
  return growth - 1 < halfGrowth ? survived(test, how) : refuted(test, how);
}

/** A surge from outside reaches what the entry calls. An entry that only looks busy passes nothing on. */
export function surgeReachesOn(
  inputs: RateInputs & Pick<RefutationInputs, 'callees'>,
  { service }: Pick<Finding, 'service'>,
): Refutation {
  const test = `Is ${service} at fault without more load?`;
  const rates = callRates(inputs);
  const counted = (inputs.callees.get(service) ?? []).flatMap((callee) => {
    const rate = rates.get(callee);
    const growth = rate === undefined ? null : growthOf(rate);
    return growth === null ? [] : [{ callee, growth }];
  });
  if (counted.length === 0) return notRun(test, 'its calls to others were not counted');
  const most = counted.reduce((best, one) => (one.growth > best.growth ? one : best));
  const how = `${most.callee} gets ${formatRatio(most.growth, 1)} the requests`;
  return most.growth - 1 >= halfGrowth ? survived(test, how) : refuted(test, how);
}
