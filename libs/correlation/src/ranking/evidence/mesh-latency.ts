/**
 * Latency that a mesh measures between two services: what a callee adds beyond what it waits for itself. Where both ends report and only the
 * caller's end is late, the network between them is to blame.
 */
import type { Comparison } from '../compare/comparison.ts';
import type { SeriesShift } from '../compare/metric-shifts.ts';
import { mostOf } from '../compare/service-metrics/levels.ts';
import { type MeshLink, meshLinks, riseOf } from '../compare/service-metrics/mesh.ts';
import { type Detection, type Finding, minStrength } from '../finding/finding.ts';
import { formatEdge, formatPercent, formatValue } from '../finding/format.ts';
import { evidenceKind, type RefutationInputs } from '../finding/kind.ts';
import { referenceToSeries } from '../finding/reference.ts';
import { type Refutation, refuted, survived } from '../finding/refutation.ts';
import { logOdds } from '../finding/weight.ts';
import { halfGrowth, halfSeriesZ } from '../statistics/effect-size.ts';
import { certainty } from '../statistics/proportions.ts';

interface Facts {
  readonly edge: MeshLink;
  readonly shift: SeriesShift;
  /** Whether the callee's end sees no change. */
  readonly isNetwork: boolean;
  /** The part of all time that was added between services. */
  readonly share: number;
}
type Found = Detection<'meshLatency', Facts>;

export const meshLatency = evidenceKind({
  name: 'mesh-latency',
  signal: 'metrics',
  weights: { meshLatency: logOdds(4, 'latency between two services as a mesh measures it: a summary of many calls') },
  traits: { visibleToCallers: true, measuredByMetrics: true },
  detect(inputs: Pick<Comparison, 'shifts'>): Found[] {
    const links = meshLinks(inputs);
    const added = links.map((link) => ({ link, own: Math.max(0, link.rise - riseBelow(link, links)) }));
    const total = added.reduce((sum, { own }) => sum + own, 0);
    return added.flatMap(({ link, own }) => judge(link, { own, total, tests: links.length }));
  },
  describe: ({ facts: { edge, shift, isNetwork, share } }) => {
    const [before, during] = [formatValue(shift.before, shift.row.unit), formatValue(shift.during, shift.row.unit)];
    return {
      summary: `latency ${formatEdge(edge)} by the mesh: ${before} -> ${during}${isNetwork ? ', unchanged at the receiving end' : ''}; ${formatPercent(share)} of all that was added between services`,
      before,
      during,
    };
  },
  reference: ({ facts }) => referenceToSeries(facts.shift.row),
  refute: slowBelow,
});

/** A caller waits at least for the slowest of what it calls. */
function riseBelow({ callee }: MeshLink, links: readonly MeshLink[]): number {
  return links.reduce((most, link) => (link.caller === callee ? Math.max(most, link.rise) : most), 0);
}

function judge(link: MeshLink, { own, total, tests }: { own: number; total: number; tests: number }): Found[] {
  const shift = link.atCaller ?? link.atCallee;
  if (shift === null || own <= 0) return [];
  const growth = own / Math.max(shift.before, 1e-9);
  const size = (own / total) * (growth / (growth + halfGrowth));
  const strength = size * certainty(shift.z, tests, halfSeriesZ);
  if (strength < minStrength) return [];
  const isNetwork = link.atCallee !== null && link.atCaller !== null && riseOf(link.atCallee) < own / 3;
  const faultType = isNetwork ? 'network' : 'latency';
  const facts = { edge: link, shift, isNetwork, share: own / total };
  return [{ weightName: 'meshLatency', service: link.callee, faultType, edge: link, strength, facts }];
}

/** A mesh measures the calls that a service makes, as well as those that it serves. */
function slowBelow(inputs: Pick<RefutationInputs, 'shifts'>, { service }: Pick<Finding, 'service'>): Refutation {
  const test = `Do slower calls of ${service} explain it?`;
  const links = meshLinks(inputs);
  const own = Math.max(0, ...links.filter(({ callee }) => callee === service).map(({ rise }) => rise));
  const below = links.filter(({ caller }) => caller === service);
  if (below.length === 0) return survived(test, 'the mesh sees no calls of it');
  const most = below.reduce((best, one) => (one.rise > best.rise ? one : best));
  const how = `calls to ${most.callee} rose by ${formatPercent(most.rise / Math.max(own, 1e-9))} of its own rise`;
  return most.rise < mostOf * own ? survived(test, how) : refuted(test, how);
}
