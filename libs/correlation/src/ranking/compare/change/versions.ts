/** Whether the harm is where a change was made: instances of the new version compared with those of the old one, in the same minutes. */
import type { Change, Histogram, OperationRow } from '@faultline/model';
import type { OperationGroup } from '../../rows/group.ts';
import { histogramMeanUs, rankShiftZ, tailShiftZ } from '../../statistics/durations.ts';
import { exactShareZ } from '../../statistics/exact-share.ts';
import type { Comparison } from '../comparison.ts';

/** `guilty`: only what was changed suffers. `innocent`: the rest suffers as much. `unknown`: nothing to compare, or nothing suffers. */
export type ChangeVerdict = 'guilty' | 'innocent' | 'unknown';

/** With fewer calls on either side nothing can be told. */
export const minCalls = 20;
const minZ = 3;
const minGrowth = 0.25;
const minFailures = 0.02;

type Inputs = Pick<Comparison, 'groups' | 'windows' | 'slices'>;

/** `unknown` unless both versions served in the incident window. Before and after of one service alone shows time, not cause. */
export function contrastVersions(inputs: Inputs, change: Change, service: string): ChangeVerdict {
  const { windows } = inputs;
  const groups = servingGroups(inputs, service);
  const isNew = newcomer(groups, change, inputs);
  if (isNew === null) return 'unknown';
  let verdict: ChangeVerdict = 'unknown';
  for (const { rows } of groups) {
    const since = rows.filter(({ slice }) => windows[slice] === 'incident');
    const past = sumCalls(rows.filter((row) => windows[row.slice] === 'baseline' && !isNew(row)));
    const fresh = sumCalls(since.filter(isNew));
    const old = sumCalls(since.filter((row) => !isNew(row)));
    if (fresh.calls < minCalls || old.calls < minCalls) continue;
    if (isWorseThan(fresh, old)) return 'guilty';
    if (past.calls >= minCalls && isWorseThan(old, past)) verdict = 'innocent';
  }
  return verdict;
}

/** The operations that a service serves. */
export function servingGroups({ groups }: Pick<Comparison, 'groups'>, service: string): readonly OperationGroup[] {
  return groups.operations.filter(
    (group) => group.service === service && group.kind !== 'client' && group.kind !== 'producer',
  );
}

/** New are rows of the version that the change names, if spans name theirs; else rows of instances that did not serve before it. */
function newcomer(
  groups: readonly OperationGroup[],
  { version, startedAtMs }: Change,
  { slices }: Pick<Comparison, 'slices'>,
): ((row: OperationRow) => boolean) | null {
  const rows = groups.flatMap((group) => group.rows);
  if (version !== '' && rows.some((row) => row.version === version)) return (row) => row.version === version;
  const earlier = new Set(
    rows.filter(({ slice }) => (slices[slice]?.fromMs ?? 0) < startedAtMs).map(({ instance }) => instance),
  );
  return rows.every(({ instance }) => earlier.has(instance)) ? null : ({ instance }) => !earlier.has(instance);
}

export interface CallSum {
  readonly calls: number;
  readonly ownErrors: number;
  readonly self: Histogram;
}

/** Calls, originating errors and self time of some rows. */
export function sumCalls(rows: readonly OperationRow[]): CallSum {
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
export function isWorseThan(now: CallSum, other: CallSum): boolean {
  const counts = { hits: now.ownErrors, n: now.calls, baseHits: other.ownErrors, baseN: other.calls };
  const risen = now.ownErrors / now.calls - other.ownErrors / other.calls;
  if (risen > minFailures && exactShareZ(counts) > minZ) return true;
  const growth = histogramMeanUs(now.self) / Math.max(1, histogramMeanUs(other.self)) - 1;
  return growth > minGrowth && Math.max(rankShiftZ(now.self, other.self), tailShiftZ(now.self, other.self)) > minZ;
}
