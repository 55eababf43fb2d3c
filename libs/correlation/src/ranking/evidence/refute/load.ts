/** Refuting tests of what grows under load: a resource, a pool, a queue. More requests would explain them without a fault. */
import { callRates, growthOf, sentRates, surgesOf } from '../../compare/rates.ts';
import { isWorse } from '../../compare/worse.ts';
import type { Finding } from '../../finding/finding.ts';
import { formatRatio, listed } from '../../finding/format.ts';
import type { RefutationInputs } from '../../finding/kind.ts';
import { notRun, type Refutation, refuted, survived } from '../../finding/refutation.ts';
import { halfGrowth } from '../../statistics/effect-size.ts';
import { isInUse } from './neighbour.ts';

type RateInputs = Parameters<typeof callRates>[0];
type LoadInputs = RateInputs & Parameters<typeof surgesOf>[0] & Pick<RefutationInputs, 'callees' | 'shifts'>;

/** A resource grows with its service's requests. Beyond that it grew by itself. A pool also fills behind whatever it waits for. */
export function loadBehind(inputs: LoadInputs, lead: Pick<Finding, 'service' | 'faultType' | 'instance'>): Refutation {
  const { service, faultType } = lead;
  if (surgesOf(inputs).some((surge) => surge.service === service)) return surgeReachesOn(inputs, lead);
  if (faultType === 'pool') {
    const slow = inputs.edges.filter((edge) => edge.caller === service && isInUse(edge) && isWorse(edge));
    const test = `if ${service} only waited, what it calls would be slower or failing`;
    if (slow.length > 0)
      return refuted(test, `${listed(slow.map(({ callee }) => callee))} ${slow.length === 1 ? 'is' : 'are'}`);
  }
  const growth = growthOfRequests(inputs, service);
  const used = usedTimes(inputs, lead);
  if (growth === null || used === null)
    return judgeGrowth(`if load were behind it, ${service} would be asked more often`, growth);
  const test = `if load were behind it, ${service} would be asked as much more often`;
  const how = `${formatRatio(growth, 1)} as often, for ${formatRatio(used, 1)} of the ${faultType}`;
  return used > beyondLoad * growth ? survived(test, how) : refuted(test, how);
}

/** A quarter more than the load explains is what people notice. */
const beyondLoad = 1.25;
/** Each request uses about as much of these. Queues and pools grow out of proportion. */
const proportional: ReadonlySet<string> = new Set(['cpu', 'memory', 'disk']);

/** How many times as much of the resource is used; null where its use does not follow the load. */
function usedTimes(
  { shifts }: Pick<RefutationInputs, 'shifts'>,
  { service, faultType, instance }: Pick<Finding, 'service' | 'faultType' | 'instance'>,
): number | null {
  if (faultType === null || !proportional.has(faultType)) return null;
  const own = shifts.filter(
    ({ subject, shift: { row, before } }) =>
      subject === faultType && row.service === service && before > 0 && (instance === '' || row.instance === instance),
  );
  return own.length === 0 ? null : Math.max(...own.map(({ shift }) => shift.during / shift.before));
}

/** Messages pile up behind a consumer that is at fault, and also before a healthy one that gets more of them. */
export function moreSent(
  inputs: Parameters<typeof sentRates>[0],
  { service, edge }: Pick<Finding, 'service' | 'edge'>,
): Refutation {
  const sender = edge?.caller ?? '';
  const test = `if ${sender} were behind it, it would send ${service} more`;
  const rates = sentRates(inputs).get(sender);
  return judgeGrowth(test, rates === undefined ? null : growthOf(rates));
}

function judgeGrowth(test: string, growth: number | null): Refutation {
  if (growth === null) return notRun(test, 'nobody counted before and since');
  const how = `${formatRatio(growth, 1)} as often as before`;
  return growth - 1 < halfGrowth ? survived(test, how) : refuted(test, how);
}

/** How many times as often a service is called, by spans or else by its own count of requests; null when neither tells. */
function growthOfRequests(inputs: RateInputs & Pick<RefutationInputs, 'shifts'>, service: string): number | null {
  const rates = callRates(inputs).get(service);
  const bySpans = rates === undefined ? null : growthOf(rates);
  if (bySpans !== null) return bySpans;
  const counted = inputs.shifts.find(
    ({ subject, shift }) => subject === 'requests' && shift.row.service === service && shift.before > 0,
  );
  return counted === undefined ? null : counted.shift.during / counted.shift.before;
}

/** A surge from outside reaches what the entry calls. An entry that only looks busy passes nothing on. */
export function surgeReachesOn(
  inputs: RateInputs & Pick<RefutationInputs, 'callees'>,
  { service }: Pick<Finding, 'service'>,
): Refutation {
  const test = `if ${service} itself were at fault, what it calls would be asked no more than before`;
  const rates = callRates(inputs);
  const counted = (inputs.callees.get(service) ?? []).flatMap((callee) => {
    const rate = rates.get(callee);
    const growth = rate === undefined ? null : growthOf(rate);
    return growth === null ? [] : [{ callee, growth }];
  });
  if (counted.length === 0) return notRun(test, 'nobody counted what it asks of others');
  const most = counted.reduce((best, one) => (one.growth > best.growth ? one : best));
  const how = `${most.callee} is asked ${formatRatio(most.growth, 1)} as often`;
  return most.growth - 1 >= halfGrowth ? survived(test, how) : refuted(test, how);
}
