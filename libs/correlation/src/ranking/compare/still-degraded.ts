/** Whether the incident still shows at the end of the evidence. */
import { windowsOf } from '../input/window.ts';
import { withIncidentWindow } from './calls.ts';
import type { Comparison } from './comparison.ts';
import { type DegradedInputs, degradedServices } from './degraded.ts';
import { metricShifts } from './metric-shifts.ts';

/** The end of the evidence that tells whether the incident is over. */
export const latestMs = 60_000;

/** Whether any service is still degraded in the last minute of the evidence, or in the last slice if that is longer. */
export function isStillDegraded(comparison: DegradedInputs & Pick<Comparison, 'input' | 'groups' | 'onset'>): boolean {
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
