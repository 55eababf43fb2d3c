/** Shares as signals: failing calls of all calls, and an operation's spans that have a pattern. */
import type { Groups } from '../rows/group.ts';
import type { Signal } from './change-point.ts';
import { addShares, emptySums, type Sums, shareSignal } from './sums.ts';

/** Two failures in a hundred calls. */
const minErrorStep = 0.02;

const minStepShare = 0.1;

/** The share of failing calls by service. For uninstrumented dependencies, as their callers see it. */
export function errorSignals({ operations, edges, traced }: Groups, slices: number): Signal[] {
  const found = new Map<string, Sums>();
  const add = (service: string, rows: readonly { slice: number; calls: number; errors: number }[]): void => {
    if (!rows.some(({ errors }) => errors > 0)) return;
    const sums = found.get(service) ?? emptySums(slices);
    found.set(service, sums);
    addShares(
      rows.map(({ slice, calls, errors }) => ({ slice, hits: errors, of: calls })),
      sums,
    );
  };
  for (const { service, kind, rows } of operations) if (kind !== 'client' && kind !== 'producer') add(service, rows);
  for (const { callee, rows } of edges) if (!traced.has(callee)) add(callee, rows);
  return [...found].map(([service, sums]) => shareSignal(service, sums, { minStep: minErrorStep, twoSided: false }));
}

/** The share of an operation's spans that make a call or log a line. In a slice without any line of the service, no logs were collected. */
export function patternSignals({ settled, patterns, logged }: Groups): Signal[] {
  return patterns.flatMap(({ service, operation, what, target, spans: hits }) => {
    const of = settled.get(`${service}\n${operation}`);
    if (of === undefined || isSteady(hits, of)) return [];
    const counts = of.map((count, slice) => (what === 'call' || logged.has(`${service}\n${slice}`) ? count : 0));
    const sums = counts.map((count, slice) => Math.min(count, hits[slice] ?? 0));
    return [{ ...shareSignal(service, { sums, counts }, { minStep: minStepShare, twoSided: true }), target }];
  });
}

/** Whether a share is nearly the same in every slice. Most are, and need no closer look. */
function isSteady(hits: Float64Array, of: Float64Array): boolean {
  let [low, high] = [1, 0];
  for (let slice = 0; slice < of.length; slice++) {
    const n = of[slice] ?? 0;
    if (n === 0) continue;
    const share = (hits[slice] ?? 0) / n;
    if (share < low) low = share;
    if (share > high) high = share;
  }
  return high - low < minStepShare;
}
