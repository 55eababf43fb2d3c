/**
 * Instances of several services that suffer, all on one node or in one zone, while those elsewhere are well: what they share is the cause.
 * Judged by how unlikely so many of the suffering ones would meet in one place (hypergeometric test; Fisher, 1935).
 */
import type { Context } from '../compare/comparison.ts';
import type { Place } from '../compare/failure-domains.ts';
import type { PlacedInstance } from '../compare/instances.ts';
import { type Finding, minStrength } from '../finding/finding.ts';
import { lookAtPlace } from '../finding/reference.ts';
import { hypergeometricTail } from '../statistics/exact-share.ts';
import { certainty } from '../statistics/statistics.ts';

/** The chance is exact, no tail of a model: the z of one in twenty counts half. */
const exactHalf = 2.5;
/** A place that fails takes most of its instances with it; half of them may be the replicas of one ill service. */
const leastCoverage = 0.6;
/** As much harm as anyone would call an instance ill for. */
export const illFrom = 0.3;

export function sharedPlace(context: Context): Finding[] {
  const all = context.placed;
  const ill = all.filter(({ harm }) => harm >= illFrom);
  if (ill.length < 2) return [];
  return (['node', 'zone'] as const).flatMap((kind) => {
    const places = [...Map.groupBy(all, (one) => one[kind])].filter(([name]) => name !== '');
    return places.length < 2
      ? []
      : places.flatMap(([name, own]) => judge({ kind, name, own }, { all, ill, places: places.length }));
  });
}

interface Among {
  readonly all: readonly PlacedInstance[];
  readonly ill: readonly PlacedInstance[];
  readonly places: number;
}

function judge({ kind, name, own }: Place, { all, ill, places }: Among): Finding[] {
  const illHere = own.filter(({ harm }) => harm >= illFrom);
  // A zone of one node is that node.
  if (kind === 'zone' && new Set(own.map(({ node }) => node)).size === 1 && own[0]?.node !== '') return [];
  const services = [...new Set(illHere.map(({ service }) => service))].sort();
  if (services.length < 2 || own.length === all.length) return [];
  const chance = hypergeometricTail({ hits: illHere.length, drawn: own.length, marked: ill.length, all: all.length });
  const coverage = illHere.length / own.length;
  if (coverage < leastCoverage) return [];
  const purity = illHere.length / ill.length;
  const strength =
    coverage * Math.sqrt(purity) * certainty(Math.sqrt(-2 * Math.log(Math.max(chance, 1e-30))), places, exactHalf);
  if (strength < minStrength) return [];
  const elsewhere = `${ill.length - illHere.length} of ${all.length - own.length}`;
  return [
    {
      kind: 'shared-place',
      reason: 'sharedPlace',
      service: name,
      instance: '',
      causeKind: kind,
      entity: `${kind}:${name}`,
      strength,
      explainable: 0,
      summary: `${illHere.length} of ${own.length} instances on ${kind} ${name} are slow, failing or silent (${services.slice(0, 5).join(', ')}${services.length > 5 ? ', ...' : ''}), and ${elsewhere} elsewhere`,
      before: 'well',
      during: `${illHere.length} of ${own.length} ill`,
      look: lookAtPlace(name),
    },
  ];
}
