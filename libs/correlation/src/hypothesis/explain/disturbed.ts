/** Which services answer worse than before, whoever is to blame: slower or failing as their callers see it, or far off in their metrics. */
import type { Context, Pair } from '../context.ts';
import { createContext } from '../context.ts';
import { isOfNode, shiftOf, subjectOf } from '../series.ts';
import { histogramMeanUs, rankShiftZ, tailShiftZ, twoProportionZ } from '../statistics.ts';

const minZ = 4;
/** People call it slower from about a quarter on. */
const minGrowth = 0.25;

/** Sorted by name. */
export function disturbedServices(context: Context): string[] {
  const found = new Set<string>();
  for (const operation of context.operations)
    if (operation.kind === 'server' || operation.kind === 'consumer')
      if (isWorse(operation)) found.add(operation.service);
  for (const edge of context.edges) if (!context.traced.has(edge.callee) && isWorse(edge)) found.add(edge.callee);
  for (const row of context.series)
    if (!context.traced.has(row.service) && context.related.has(row.service) && !isOfNode(row.metric)) {
      const sign = { latency: 1, errors: 1, success: -1 }[subjectOf(row.metric) as string];
      const shift = sign === undefined ? null : shiftOf(row, context.onsetMs);
      if (shift !== null && sign !== undefined && sign * shift.z > 2 * minZ && Math.abs(shift.growth) > 0.1)
        found.add(row.service);
    }
  return [...found].sort();
}

function isWorse({ before, during }: Pair): boolean {
  const z = Math.max(rankShiftZ(during.duration, before.duration), tailShiftZ(during.duration, before.duration));
  const growth = histogramMeanUs(during.duration) / Math.max(1, histogramMeanUs(before.duration)) - 1;
  const counts = { hits: during.errors, n: during.calls, baseHits: before.errors, baseN: before.calls };
  return (z > minZ && growth > minGrowth && before.calls > 0) || (during.errors > 2 && twoProportionZ(counts) > minZ);
}

/** Whether it is still there in the last minute of the evidence. */
export function isStillDisturbed(context: Context): boolean {
  const lastMs = context.input.answer?.slices.at(-1)?.toMs;
  if (lastMs === undefined) return true;
  const recent = createContext(context.input, Math.max(context.onsetMs, lastMs - 60_000), context.onsetMs);
  return disturbedServices(recent).length > 0;
}
