/** Which services are degraded, whoever is to blame: slower or failing as their callers see it, or far off in their metrics. */
import { worseDirection } from '../vocabulary/metric-subject.ts';
import type { Comparison } from './comparison.ts';
import { isWorse, minWorseZ } from './worse.ts';

export type DegradedInputs = Pick<Comparison, 'operations' | 'edges' | 'traced' | 'shifts' | 'related'>;

/** Sorted by name. */
export function degradedServices({ operations, edges, traced, shifts, related }: DegradedInputs): string[] {
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
