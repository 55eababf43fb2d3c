/** Which services answer worse than before, whoever is to blame: slower or failing as their callers see it, or far off in their metrics. */

import { exactShareZ } from '../statistics/exact-share.ts';
import { histogramMeanUs, rankShiftZ, tailShiftZ } from '../statistics/statistics.ts';
import { type Pair, withDuring } from './calls.ts';
import { sidesOf } from './compare.ts';
import type { Context } from './comparison.ts';
import { metricShifts, type SeriesSubject } from './metric-shifts.ts';

const minZ = 4;
/** People call it slower from about a quarter on. */
const minGrowth = 0.25;

/** Sorted by name. */
export function disturbedServices({ operations, edges, traced, shifts, related }: Disturbable): string[] {
  const found = new Set<string>();
  for (const operation of operations)
    if ((operation.kind === 'server' || operation.kind === 'consumer') && isWorse(operation))
      found.add(operation.service);
  for (const edge of edges) if (!traced.has(edge.callee) && isWorse(edge)) found.add(edge.callee);
  for (const { subject, shift } of shifts) {
    const { service } = shift.row;
    const off = badDirection(subject) * shift.z > 2 * minZ && Math.abs(shift.growth) > 0.1;
    if (off && !traced.has(service) && related.has(service)) found.add(service);
  }
  return [...found].sort();
}

type Disturbable = Pick<Context, 'operations' | 'edges' | 'traced' | 'shifts' | 'related'>;

function badDirection(subject: SeriesSubject): number {
  if (subject === 'success') return -1;
  return subject === 'latency' || subject === 'errors' ? 1 : 0;
}

/** Surely slower by a quarter, or surely failing more. */
export function isWorse({ before, during }: Pair): boolean {
  const z = Math.max(rankShiftZ(during.duration, before.duration), tailShiftZ(during.duration, before.duration));
  const growth = histogramMeanUs(during.duration) / Math.max(1, histogramMeanUs(before.duration)) - 1;
  const counts = { hits: during.errors, n: during.calls, baseHits: before.errors, baseN: before.calls };
  return (z > minZ && growth > minGrowth && before.calls > 0) || (during.errors > 2 && exactShareZ(counts) > minZ);
}

const recentMs = 60_000;

/** Whether it is still there in the last minute of the evidence (or the last slice, if longer), held against the time before the harm. */
export function isStillDisturbed(context: Context): boolean {
  const { answer } = context.input;
  const last = answer?.slices.at(-1);
  if (answer === null || last === undefined) return true;
  const { groups, onset } = context;
  const duringFromMs = Math.max(onset.duringFromMs, Math.min(last.fromMs, last.toMs - recentMs));
  const isDuring = sidesOf(answer, duringFromMs, onset.beforeToMs);
  const spans = {
    operations: withDuring(context.operations, groups.operations, isDuring),
    edges: withDuring(context.edges, groups.edges, isDuring),
  };
  if (disturbedServices({ ...context, ...spans, shifts: [] }).length > 0) return true;
  const { traced, related } = context;
  const judged = answer.series.filter(({ service }) => !traced.has(service) && related.has(service));
  const shifts = metricShifts(judged, { ...onset, duringFromMs });
  return disturbedServices({ ...context, operations: [], edges: [], shifts }).length > 0;
}
