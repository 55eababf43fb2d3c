/**
 * Latency that a mesh measures between two services (series with source and destination): what a callee adds beyond what it waits for
 * itself. Where both ends report and only the sender is late, it is the way between them.
 */
import type { Context } from '../compare/comparison.ts';
import type { SeriesShift } from '../compare/metric-shifts.ts';
import { type Finding, minStrength } from '../finding/finding.ts';
import { formatPercent, formatValue } from '../finding/format.ts';
import { lookAtSeries } from '../finding/reference.ts';
import { halfGrowth, halfSeriesZ } from '../statistics/effect-size.ts';
import { certainty } from '../statistics/statistics.ts';

interface Link {
  readonly from: string;
  readonly to: string;
  readonly sender: SeriesShift | null;
  readonly receiver: SeriesShift | null;
}

export function meshLatency(context: Context): Finding[] {
  const links = linksOf(context);
  const added = links.map((link) => ({ link, ownRise: Math.max(0, riseOf(link) - risenBelow(link, links)) }));
  const total = added.reduce((sum, { ownRise }) => sum + ownRise, 0);
  return added.flatMap(({ link, ownRise }) => finding(link, { ownRise, total, tests: links.length }));
}

function linksOf({ shifts }: Context): Link[] {
  const links = new Map<
    string,
    { sender: SeriesShift | null; receiver: SeriesShift | null; from: string; to: string }
  >();
  for (const { subject, shift } of shifts) {
    const ends = subject === 'latency' ? endsOf(shift.row.attributes) : null;
    if (ends === null) continue;
    const key = `${ends.from}\n${ends.to}`;
    const link = links.get(key) ?? { from: ends.from, to: ends.to, sender: null, receiver: null };
    links.set(key, link);
    if (ends.reporter === 'destination') link.receiver ??= shift;
    else link.sender ??= shift;
  }
  return [...links].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, link]) => link);
}

/** Source and destination under the names that meshes use; null when the series is not of a link. */
function endsOf(attributes: string): { from: string; to: string; reporter: string } | null {
  if (!attributes.includes('source')) return null;
  const values = new Map(
    attributes.split(',').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
  const get = (end: string): string | undefined =>
    values.get(end) ??
    values.get(`${end}_service`) ??
    values.get(`${end}_workload`) ??
    values.get(`${end}.workload.name`);
  const [from, to] = [get('source'), get('destination')];
  return from === undefined || to === undefined ? null : { from, to, reporter: values.get('reporter') ?? 'source' };
}

/** How much longer calls take between two services, in the metric's unit; sorted. */
export function meshLinks(context: Context): { from: string; to: string; rise: number; unit: string }[] {
  return linksOf(context).map((link) => {
    const { from, to, sender, receiver } = link;
    return { from, to, rise: riseOf(link), unit: (sender ?? receiver)?.row.unit ?? '' };
  });
}

function riseOf({ sender, receiver }: Link): number {
  const shift = sender ?? receiver;
  return shift === null ? 0 : Math.max(0, shift.during - shift.before);
}

/** A caller waits for the slowest of what it calls, at the least. */
function risenBelow({ to }: Link, links: readonly Link[]): number {
  return links.reduce((most, link) => (link.from === to ? Math.max(most, riseOf(link)) : most), 0);
}

function finding(link: Link, { ownRise, total, tests }: { ownRise: number; total: number; tests: number }): Finding[] {
  const shift = link.sender ?? link.receiver;
  if (shift === null || ownRise <= 0) return [];
  const { before, during, z, row } = shift;
  const growth = ownRise / Math.max(before, 1e-9);
  const size = (ownRise / total) * (growth / (growth + halfGrowth));
  const strength = size * certainty(z, tests, halfSeriesZ);
  if (strength < minStrength) return [];
  const onTheWay = link.receiver !== null && link.sender !== null && riseOf({ ...link, sender: null }) < ownRise / 3;
  return [
    {
      kind: 'mesh-latency',
      reason: 'meshLatency',
      service: link.to,
      instance: '',
      causeKind: onTheWay ? 'network' : 'latency',
      entity: `edge:${link.from} -> ${link.to}`,
      strength,
      explainable: 0,
      summary: `the mesh sees ${link.from} -> ${link.to} go from ${formatValue(before, row.unit)} to ${formatValue(during, row.unit)}${onTheWay ? ', while the receiving end sees no change' : ''}; ${formatPercent(ownRise / total)} of what was added between services`,
      before: formatValue(before, row.unit),
      during: formatValue(during, row.unit),
      look: lookAtSeries(row),
    },
  ];
}
