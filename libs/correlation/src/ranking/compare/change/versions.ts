/** Whether the harm is where the change was made: instances of the new version held against those of the old one, in the same minutes. */
import type { Change, Histogram } from '@faultline/model';
import type { OperationGroup } from '../../rows/group.ts';
import { exactShareZ } from '../../statistics/exact-share.ts';
import { histogramMeanUs, rankShiftZ, tailShiftZ } from '../../statistics/statistics.ts';
import type { Context } from '../comparison.ts';

/** `guilty`: only the new ones suffer. `innocent`: the old ones suffer no less. `unknown`: there is nothing to compare, or nothing suffers. */
export type VersionVerdict = 'guilty' | 'innocent' | 'unknown';

/** Fewer calls on either side tell nothing. */
export const minCalls = 20;
const minZ = 3;
const minGrowth = 0.25;
const minFailures = 0.02;

/** Both sides served since the onset, or it is `unknown`: before and after of one service alone is time, not proof. */
export function contrastVersions(context: Context, change: Change, service: string): VersionVerdict {
  const groups = context.groups.operations.filter(
    (group) => group.service === service && group.kind !== 'client' && group.kind !== 'producer',
  );
  const isNew = newcomer(groups, change, context);
  if (isNew === null) return 'unknown';
  let verdict: VersionVerdict = 'unknown';
  for (const { rows } of groups) {
    const since = rows.filter(({ slice }) => context.sides[slice] === true);
    const past = sumOf(rows.filter((row) => context.sides[row.slice] === false && !isNew(row)));
    const fresh = sumOf(since.filter(isNew));
    const old = sumOf(since.filter((row) => !isNew(row)));
    if (fresh.calls < minCalls || old.calls < minCalls) continue;
    if (isWorseThan(fresh, old)) return 'guilty';
    if (past.calls >= minCalls && isWorseThan(old, past)) verdict = 'innocent';
  }
  return verdict;
}

type Row = OperationGroup['rows'][number];

/** By the version that the change names, where spans name theirs; else by instances that had not served before it. */
function newcomer(
  groups: readonly OperationGroup[],
  { version, startedAtMs }: Change,
  { input }: Context,
): ((row: Row) => boolean) | null {
  const rows = groups.flatMap((group) => group.rows);
  if (version !== '' && rows.some((row) => row.version === version)) return (row) => row.version === version;
  const slices = input.answer?.slices ?? [];
  const earlier = new Set(
    rows.filter(({ slice }) => (slices[slice]?.fromMs ?? 0) < startedAtMs).map(({ instance }) => instance),
  );
  return rows.every(({ instance }) => earlier.has(instance)) ? null : ({ instance }) => !earlier.has(instance);
}

export interface Sum {
  readonly calls: number;
  readonly ownErrors: number;
  readonly self: Histogram;
}

/** Calls, own errors and self time of some rows. */
export function sumOf(rows: readonly Row[]): Sum {
  const self = new Map<number, number>();
  let [calls, ownErrors] = [0, 0];
  for (const row of rows) {
    calls += row.calls;
    ownErrors += row.ownErrors;
    for (const [bucket, count] of row.self) self.set(bucket, (self.get(bucket) ?? 0) + count);
  }
  return { calls, ownErrors, self: [...self].sort(([a], [b]) => a - b) };
}

/** Surely failing more, or surely slower by a quarter. */
export function isWorseThan(now: Sum, other: Sum): boolean {
  const counts = { hits: now.ownErrors, n: now.calls, baseHits: other.ownErrors, baseN: other.calls };
  const risen = now.ownErrors / now.calls - other.ownErrors / other.calls;
  if (risen > minFailures && exactShareZ(counts) > minZ) return true;
  const growth = histogramMeanUs(now.self) / Math.max(1, histogramMeanUs(other.self)) - 1;
  return growth > minGrowth && Math.max(rankShiftZ(now.self, other.self), tailShiftZ(now.self, other.self)) > minZ;
}
