/**
 * Instances of several services are unhealthy, all on one node or in one zone, while those elsewhere are healthy: what they share is the
 * cause. Judged by how unlikely it is that so many of them meet in one place (hypergeometric test; Fisher, 1935).
 */
import type { Comparison } from '../compare/comparison.ts';
import { type FailureDomain, isIn, type PlacedInstance, unhealthyFrom } from '../compare/failure-domains.ts';
import { type Detection, type Finding, minStrength } from '../finding/finding.ts';
import { evidenceKind, type RefutationInputs } from '../finding/kind.ts';
import { referenceToFailureDomain } from '../finding/reference.ts';
import { notRun, type Refutation, refuted, survived } from '../finding/refutation.ts';
import { logOdds } from '../finding/weight.ts';
import { hypergeometricTail } from '../statistics/exact-share.ts';
import { certainty } from '../statistics/proportions.ts';

/** The chance is exact and no tail of a model, so the z of one in twenty counts half. */
const exactHalf = 2.5;
/** A failure domain that fails takes most of its instances with it. Half of them may be the replicas of one unhealthy service. */
const leastCoverage = 0.6;

interface Facts {
  readonly kind: FailureDomain['kind'];
  /** Unhealthy and all instances in the failure domain. */
  readonly unhealthy: number;
  readonly all: number;
  /** The same for the rest. */
  readonly unhealthyElsewhere: number;
  readonly allElsewhere: number;
  readonly services: readonly string[];
}
type Found = Detection<'failureDomain', Facts>;

export const failureDomain = evidenceKind({
  name: 'failure-domain',
  signal: 'presence',
  weights: {
    failureDomain: logOdds(6, 'instances of several services are unhealthy on one node or in one zone, and only there'),
  },
  traits: { affectsPart: true, telemetryStopped: true },
  detect({ instances }: Pick<Comparison, 'instances'>): Found[] {
    const unhealthy = instances.filter(({ impact }) => impact >= unhealthyFrom).length;
    if (unhealthy < 2) return [];
    return (['node', 'zone'] as const).flatMap((kind) => {
      const domains = [...Map.groupBy(instances, (one) => one[kind])].filter(([name]) => name !== '');
      if (domains.length < 2) return [];
      const among = { all: instances.length, unhealthy, domains: domains.length };
      return domains.flatMap(([name, own]) => judge({ kind, name, instances: own }, among));
    });
  },
  describe: ({ service: name, facts: { kind, unhealthy, all, unhealthyElsewhere, allElsewhere, services } }) => ({
    summary: `${unhealthy} of ${all} instances on ${kind} ${name} are slow, failing or silent (${services.slice(0, 5).join(', ')}${services.length > 5 ? ', ...' : ''}), and ${unhealthyElsewhere} of ${allElsewhere} elsewhere`,
    before: 'healthy',
    during: `${unhealthy} of ${all} unhealthy`,
  }),
  reference: ({ service: name }) => referenceToFailureDomain(name),
  refute: sameServicesElsewhere,
  explains: servicesAt,
});

interface Among {
  readonly all: number;
  readonly unhealthy: number;
  readonly domains: number;
}

function judge({ kind, name, instances: own }: FailureDomain, among: Among): Found[] {
  const here = own.filter(({ impact }) => impact >= unhealthyFrom);
  // A zone of one node is that node.
  if (kind === 'zone' && new Set(own.map(({ node }) => node)).size === 1 && own[0]?.node !== '') return [];
  const services = [...new Set(here.map(({ service }) => service))].sort();
  const coverage = here.length / own.length;
  if (services.length < 2 || own.length === among.all || coverage < leastCoverage) return [];
  const strength = coverage * Math.sqrt(here.length / among.unhealthy) * sureness(here, own, among);
  if (strength < minStrength) return [];
  const facts = {
    kind,
    unhealthy: here.length,
    all: own.length,
    unhealthyElsewhere: among.unhealthy - here.length,
    allElsewhere: among.all - own.length,
    services,
  };
  return [{ weightName: 'failureDomain', service: name, faultType: kind, entity: `${kind}:${name}`, strength, facts }];
}

function sureness(
  here: readonly PlacedInstance[],
  own: readonly PlacedInstance[],
  { all, unhealthy, domains }: Among,
): number {
  const chance = hypergeometricTail({ hits: here.length, drawn: own.length, marked: unhealthy, all });
  return certainty(Math.sqrt(-2 * Math.log(Math.max(chance, 1e-30))), domains, exactHalf);
}

function servicesAt(
  { instances, services, traced }: Pick<Comparison, 'instances' | 'services' | 'traced'>,
  name: string,
): string[] {
  const hit = instances.filter((one) => one.impact > 0 && isIn(one, name));
  const placed = new Set(instances.map(({ service }) => service));
  // A dependency whose location nobody knows may run there too.
  const unplaced = services.filter((service) => !traced.has(service) && !placed.has(service));
  return [...new Set([...hit.map(({ service }) => service), ...unplaced])].sort();
}

function sameServicesElsewhere(
  { instances }: Pick<RefutationInputs, 'instances'>,
  { service: name }: Pick<Finding, 'service'>,
): Refutation {
  const test = `Are their instances outside of ${name} unhealthy as well?`;
  const isUnhealthy = ({ impact }: PlacedInstance): boolean => impact >= unhealthyFrom;
  const hit = new Set(instances.filter((one) => isIn(one, name) && isUnhealthy(one)).map(({ service }) => service));
  const elsewhere = instances.filter((one) => !isIn(one, name) && hit.has(one.service));
  if (elsewhere.length === 0) return notRun(test, 'they run nowhere else');
  const unhealthy = elsewhere.filter(isUnhealthy).length;
  const how = `${unhealthy} of ${elsewhere.length}`;
  return unhealthy * 2 < elsewhere.length ? survived(test, how) : refuted(test, how);
}
