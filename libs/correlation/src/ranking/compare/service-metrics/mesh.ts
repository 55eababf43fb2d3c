/** Latency between two services, as a mesh measures it at both ends. */
import { type CallEdge, edgeKey } from '../../rows/call-edge.ts';
import type { Comparison } from '../comparison.ts';
import type { SeriesShift } from '../metric-shifts.ts';

export interface MeshLink extends CallEdge {
  /** What the caller's side and the callee's side measured; null where that side reports nothing. */
  readonly atCaller: SeriesShift | null;
  readonly atCallee: SeriesShift | null;
  /** How much longer calls take, in the metric's unit; at least 0. By the caller's side if that reports. */
  readonly rise: number;
  readonly unit: string;
}

/** Sorted by caller and callee. */
export function meshLinks({ shifts }: Pick<Comparison, 'shifts'>): MeshLink[] {
  const links = new Map<string, { edge: CallEdge; atCaller: SeriesShift | null; atCallee: SeriesShift | null }>();
  for (const { subject, shift } of shifts) {
    const ends = subject === 'latency' ? endsOf(shift.row.attributes) : null;
    if (ends === null) continue;
    const key = edgeKey(ends.edge);
    const link = links.get(key) ?? { edge: ends.edge, atCaller: null, atCallee: null };
    links.set(key, link);
    if (ends.reporter === 'destination') link.atCallee ??= shift;
    else link.atCaller ??= shift;
  }
  return [...links]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { edge, atCaller, atCallee }]) => {
      const shift = atCaller ?? atCallee;
      return { ...edge, atCaller, atCallee, rise: riseOf(shift), unit: shift?.row.unit ?? '' };
    });
}

export function riseOf(shift: SeriesShift | null): number {
  return shift === null ? 0 : Math.max(0, shift.during - shift.before);
}

/** Source and destination under the names that meshes use; null when the series is not about a link. */
function endsOf(attributes: string): { edge: CallEdge; reporter: string } | null {
  if (!attributes.includes('source')) return null;
  const values = new Map(
    attributes.split(',').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
  const get = (end: string): string | undefined =>
    values.get(end) ??
    values.get(`${end}_service`) ??
    values.get(`${end}_workload`) ??
    values.get(`${end}.workload.name`);
  const [caller, callee] = [get('source'), get('destination')];
  if (caller === undefined || callee === undefined) return null;
  return { edge: { caller, callee }, reporter: values.get('reporter') ?? 'source' };
}
