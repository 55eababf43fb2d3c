/** Which services are degraded, whoever is to blame: slower or failing as their callers see it, or far off in their metrics. */
import { windowsOf } from '../input/window.ts';
import { worseDirection } from '../vocabulary/metric-subject.ts';
import { withIncidentWindow } from './calls.ts';
import type { Comparison } from './comparison.ts';
import { metricShifts } from './metric-shifts.ts';
import { isWorse, minWorseZ } from './worse.ts';

type Inputs = Pick<Comparison, 'operations' | 'edges' | 'traced' | 'shifts' | 'related'>;

/** Sorted by name. */
export function degradedServices({ operations, edges, traced, shifts, related }: Inputs): string[] {
  const found = new Set<string>();
  for (const operation of operations)
    if ((operation.kind === 'server' || operation.kind === 'consumer') && isWorse(operation))
      found.add(operation.service);
  for (const edge of edges) if (!traced.has(edge.callee) && isWorse(edge)) found.add(edge.callee);
  for (const { subject, shift } of shifts) {
    const { service } = shift.row;
    const isOff = worseDirection(subject) * shift.z > 2 * minWorseZ && Math.abs(shift.growth) > 0.1;
    if (isOff && !traced.has(service) && related.has(service)) found.add(service);
  }
  return [...found].sort();
}

/** The end of the evidence that tells whether the incident is over. */
export const latestMs = 60_000;

/** Whether any service is still degraded in the last minute of the evidence, or in the last slice if that is longer. */
export function isStillDegraded(comparison: Inputs & Pick<Comparison, 'input' | 'groups' | 'onset'>): boolean {
  const { answer } = comparison.input;
  const last = answer?.slices.at(-1);
  if (answer === null || last === undefined) return true;
  const { groups, onset } = comparison;
  const latest = { ...onset, duringFromMs: Math.max(onset.duringFromMs, Math.min(last.fromMs, last.toMs - latestMs)) };
  const windows = windowsOf(answer.slices, latest);
  const spans = {
    operations: withIncidentWindow(comparison.operations, groups.operations, windows),
    edges: withIncidentWindow(comparison.edges, groups.edges, windows),
  };
  if (degradedServices({ ...comparison, ...spans, shifts: [] }).length > 0) return true;
  const { traced, related } = comparison;
  const judged = answer.series.filter(({ service }) => !traced.has(service) && related.has(service));
  const shifts = metricShifts(judged, latest);
  return degradedServices({ ...comparison, operations: [], edges: [], shifts }).length > 0;
}
