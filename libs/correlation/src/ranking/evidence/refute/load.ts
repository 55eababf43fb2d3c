/** Refuting tests of what grows under load: a resource, a pool, a queue. More requests would explain them without a fault. */
import type { Context } from '../../compare/comparison.ts';
import { isWorse } from '../../compare/degraded.ts';
import { callRates, type RatePair, sentRates } from '../../compare/rates.ts';
import type { Finding } from '../../finding/finding.ts';
import { formatRatio } from '../../finding/format.ts';
import { listed, notRun, type Refutation, type RefutingTest, refuted, survived } from '../../finding/refutation.ts';
import { halfGrowth } from '../../statistics/effect-size.ts';
import { traffic } from '../traffic.ts';
import { isInUse } from './neighbour.ts';

/** A resource grows with what is asked of its service, and by itself more than that. A pool also fills behind whatever it waits for. */
export const loadBehind: RefutingTest = (suspicion) => {
  const { context, lead } = suspicion;
  const { service } = lead;
  if (traffic(context).some((surge) => surge.service === service)) return surgeReachesOn(suspicion);
  if (lead.causeKind === 'pool') {
    const slow = context.edges.filter((edge) => edge.caller === service && isInUse(edge) && isWorse(edge));
    const test = `if ${service} only waited, what it calls would be slower or failing`;
    if (slow.length > 0)
      return refuted(test, `${listed(slow.map(({ callee }) => callee))} ${slow.length === 1 ? 'is' : 'are'}`);
  }
  const growth = growthOfRequests(context, service);
  const used = usedTimes(context, lead);
  if (growth === null || used === null)
    return judgeGrowth(`if load were behind it, ${service} would be asked more often`, growth);
  const test = `if load were behind it, ${service} would be asked as much more often`;
  const how = `${formatRatio(growth, 1)} as often, for ${formatRatio(used, 1)} of the ${lead.causeKind}`;
  return used > beyondLoad * growth ? survived(test, how) : refuted(test, how);
};

/** A quarter more than the load explains is what people notice. */
const beyondLoad = 1.25;
/** What is used up by each request alike; queues and pools grow out of all proportion when they grow. */
const proportional: ReadonlySet<string> = new Set(['cpu', 'memory', 'disk']);

/** How many times as much of the resource is used as before; null where that does not follow the load. */
function usedTimes({ shifts }: Context, { service, causeKind, instance }: Finding): number | null {
  if (!proportional.has(causeKind)) return null;
  const own = shifts.filter(
    ({ subject, shift: { row, before } }) =>
      subject === causeKind && row.service === service && before > 0 && (instance === '' || row.instance === instance),
  );
  return own.length === 0 ? null : Math.max(...own.map(({ shift }) => shift.during / shift.before));
}

/** Messages pile up behind a consumer that is at fault, and before one that is well but sent more. */
export const moreSent: RefutingTest = ({ context, lead }) => {
  const { service } = lead;
  const [from = ''] = lead.entity.slice('edge:'.length).split(' -> ');
  const test = `if ${from} were behind it, it would send ${service} more`;
  const rates = sentRates(context).get(from);
  return judgeGrowth(test, rates === undefined ? null : growthOf(rates));
};

function judgeGrowth(test: string, growth: number | null): Refutation {
  if (growth === null) return notRun(test, 'nobody counted before and since');
  const how = `${formatRatio(growth, 1)} as often as before`;
  return growth - 1 < halfGrowth ? survived(test, how) : refuted(test, how);
}

/** How many times as often it is asked, by its spans or its own count of requests; null when neither tells. */
function growthOfRequests(context: Context, service: string): number | null {
  const rates = callRates(context).get(service);
  const bySpans = rates === undefined ? null : growthOf(rates);
  if (bySpans !== null) return bySpans;
  const counted = context.shifts.find(
    ({ subject, shift }) => subject === 'requests' && shift.row.service === service && shift.before > 0,
  );
  return counted === undefined ? null : counted.shift.during / counted.shift.before;
}

function growthOf({ before, during }: RatePair): number | null {
  return before.perSecond > 0 && during.calls > 0 ? during.perSecond / before.perSecond : null;
}

/** A surge from outside reaches those that the entry calls; an entry that only looks busy does not. */
export const surgeReachesOn: RefutingTest = ({ context, lead: { service } }) => {
  const test = `if ${service} itself were at fault, what it calls would be asked no more than before`;
  const rates = callRates(context);
  const counted = (context.callees.get(service) ?? []).flatMap((callee) => {
    const rate = rates.get(callee);
    const growth = rate === undefined ? null : growthOf(rate);
    return growth === null ? [] : [{ callee, growth }];
  });
  if (counted.length === 0) return notRun(test, 'nobody counted what it asks of others');
  const most = counted.reduce((best, one) => (one.growth > best.growth ? one : best));
  const how = `${most.callee} is asked ${formatRatio(most.growth, 1)} as often`;
  return most.growth - 1 >= halfGrowth ? survived(test, how) : refuted(test, how);
};
