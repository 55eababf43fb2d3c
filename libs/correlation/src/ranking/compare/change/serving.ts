/** The calls that a service serves, and whether some of them are worse than others. */
import type { Histogram, OperationRow } from '@faultline/model';
import type { OperationGroup } from '../../rows/group.ts';
import { histogramMeanUs, rankShiftZ, tailShiftZ } from '../../statistics/durations.ts';
import { exactShareZ } from '../../statistics/exact-share.ts';
import type { Comparison } from '../comparison.ts';

/** With fewer calls on either side nothing can be told. */
export const minCalls = 20;
const minZ = 3;
const minGrowth = 0.25;
const minFailures = 0.02;

/** The operations that a service serves. */
export function servingGroups({ groups }: Pick<Comparison, 'groups'>, service: string): readonly OperationGroup[] {
  return groups.operations.filter(
    (group) => group.service === service && group.kind !== 'client' && group.kind !== 'producer',
  );
}

/** Whether the calls of `rows` are worse than those of `others`. Null with too few calls. */
export function areWorse(rows: readonly OperationRow[], others: readonly OperationRow[]): boolean | null {
  const now = sumCalls(rows);
  const other = sumCalls(others);
  return now.calls < minCalls || other.calls < minCalls ? null : isWorseThan(now, other);
}

/** Surely failing more, or surely slower by a quarter. */
function isWorseThan(now: CallSum, other: CallSum): boolean {
  const counts = { hits: now.ownErrors, n: now.calls, baseHits: other.ownErrors, baseN: other.calls };
  const risen = now.ownErrors / now.calls - other.ownErrors / other.calls;
  if (risen > minFailures && exactShareZ(counts) > minZ) return true;
  const growth = histogramMeanUs(now.self) / Math.max(1, histogramMeanUs(other.self)) - 1;
  return growth > minGrowth && Math.max(rankShiftZ(now.self, other.self), tailShiftZ(now.self, other.self)) > minZ;
}

export interface CallSum {
  readonly calls: number;
  readonly ownErrors: number;
  readonly self: Histogram;
}

/** Calls, originating errors and self time of some rows. */
function sumCalls(rows: readonly OperationRow[]): CallSum {
  const self = new Map<number, number>();
  let [calls, ownErrors] = [0, 0];
  for (const row of rows) {
    calls += row.calls;
    ownErrors += row.ownErrors;
    for (const [bucket, count] of row.self) self.set(bucket, (self.get(bucket) ?? 0) + count);
  }
  return { calls, ownErrors, self: [...self].sort(([a], [b]) => a - b) };
}
