/** A resource of one instance far outside its own history, beyond what all instances share: a common rise is load and no cause. */
import type { CauseKind } from '@faultline/model';
import type { Comparison } from '../compare/comparison.ts';
import type { SeriesShift } from '../compare/metric-shifts.ts';
import { callRates, growthOf, surgesOf } from '../compare/rates.ts';
import { isWorse } from '../compare/worse.ts';
import { type Detection, type Finding, minStrength } from '../finding/finding.ts';
import { formatRatio, formatValue, listed } from '../finding/format.ts';
import { evidenceKind, type RefutationInputs } from '../finding/kind.ts';
import { referenceToSeries } from '../finding/reference.ts';
import { type Refutation, refuted, survived } from '../finding/refutation.ts';
import { logOdds } from '../finding/weight.ts';
import { keyOf } from '../rows/call-edge.ts';
import { halfSeriesZ } from '../statistics/effect-size.ts';
import { certainty } from '../statistics/proportions.ts';
import { clamp, median } from '../statistics/robust.ts';
import type { SeriesSubject } from '../vocabulary/metric-subject.ts';
import { judgeGrowth, type LoadInputs, type RateInputs, surgeReachesOn } from './shared/load.ts';
import { isInUse } from './shared/other-calls.ts';

type Resource = CauseKind & SeriesSubject & ('cpu' | 'memory' | 'disk' | 'pool' | 'queue');

/** Resources that may be a mechanism by themselves. Network traffic follows load and latency; these seldom do. */
const resourceOf: Partial<Record<SeriesSubject, Resource>> = {
  cpu: 'cpu',
  memory: 'memory',
  disk: 'disk',
  pool: 'pool',
  queue: 'queue',
};

type Found = Detection<Resource, SeriesShift>;

export const resources = evidenceKind({
  name: 'resources',
  signal: 'metrics',
  weights: {
    cpu: logOdds(3.5, 'processor far outside its own history: often an effect, so less than time and errors'),
    memory: logOdds(2.45, 'memory far outside its own history: it also grows without a fault'),
    disk: logOdds(2.1, 'disk far outside its own history'),
    pool: logOdds(1.75, 'connections or threads: they fill up behind any slow callee'),
    queue: logOdds(2.5, 'a queue: it grows behind any slow reader'),
  },
  traits: { delaysCallers: true, measuredByMetrics: true, resource: true },
  detect({ shifts }: Pick<Comparison, 'shifts'>): Found[] {
    const judged = shifts.flatMap(({ subject, shift }) => {
      const resource = resourceOf[subject];
      return resource === undefined ? [] : [{ resource, shift }];
    });
    const shortages = shortagesOf(judged);
    const byMetric = Map.groupBy(judged, ({ shift }) => shift.row.metric);
    return [...byMetric.values()].flatMap((all) => {
      const shared = all.length >= 4 ? Math.max(0, median(all.map(({ shift }) => shift.growth))) : 0;
      return all.flatMap((one) => judge(one, { shared, shortages, tests: judged.length }));
    });
  },
  describe: ({ facts: { row, before, during } }) => ({
    summary: `${row.metric} of ${row.instance || row.service}: ${formatValue(before, row.unit)} -> ${formatValue(during, row.unit)} (${formatRatio(during, before)}), far outside its own history`,
    before: formatValue(before, row.unit),
    during: formatValue(during, row.unit),
  }),
  reference: ({ facts }) => referenceToSeries(facts.row),
  refute: loadBehind,
});

interface ResourceShift {
  readonly resource: Resource;
  readonly shift: SeriesShift;
}

/** How short of processor an instance is, where a metric tells what part of its limit it uses: 1 from half on. Less is not short, however much it grew. */
function shortagesOf(judged: readonly ResourceShift[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { resource, shift } of judged) {
    const { row, during } = shift;
    if (resource !== 'cpu' || !/util|rate|percent|ratio/i.test(row.metric)) continue;
    if (row.unit !== '%' && row.unit !== '1') continue;
    const used = clamp((row.unit === '%' ? during / 100 : during) / 0.5, 0, 1);
    const key = keyOf(row.service, row.instance);
    found.set(key, Math.max(used, found.get(key) ?? 0));
  }
  return found;
}

interface Judging {
  /** Growth that all instances have in common. */
  readonly shared: number;
  readonly shortages: ReadonlyMap<string, number>;
  readonly tests: number;
}

function judge({ resource, shift }: ResourceShift, { shared, shortages, tests }: Judging): Found[] {
  const { row, z } = shift;
  const { service, instance } = row;
  const growth = shift.growth - shared;
  if (growth <= 0 || z <= 0) return [];
  const shortage = resource === 'cpu' ? (shortages.get(keyOf(service, instance)) ?? 1) : 1;
  const strength = shortage * (growth / (growth + 1)) * certainty(z, tests, halfSeriesZ);
  if (strength < minStrength) return [];
  const entity = instance === '' ? `service:${service}` : `pod:${instance}`;
  return [{ weightName: resource, service, instance, faultType: resource, entity, strength, facts: shift }];
}

/** A resource grows with its service's requests. Beyond that it grew by itself. A pool also fills behind whatever it waits for. */
function loadBehind(inputs: LoadInputs, lead: Pick<Finding, 'service' | 'faultType' | 'instance'>): Refutation {
  const { service, faultType } = lead;
  if (surgesOf(inputs).some((surge) => surge.service === service)) return surgeReachesOn(inputs, lead);
  if (faultType === 'pool') {
    const slow = inputs.edges.filter((edge) => edge.caller === service && isInUse(edge) && isWorse(edge));
    const test = `Does ${service} only wait for what it calls?`;
    if (slow.length > 0)
      return refuted(
        test,
        `${listed(slow.map(({ callee }) => callee))} ${slow.length === 1 ? 'is' : 'are'} slower or failing`,
      );
  }
  const growth = growthOfRequests(inputs, service);
  const used = usedTimes(inputs, lead);
  if (growth === null || used === null) return judgeGrowth(`Did ${service} get more requests?`, growth);
  const test = `Does load explain it?`;
  const how = `${formatRatio(growth, 1)} the requests, ${formatRatio(used, 1)} the ${faultType}`;
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
