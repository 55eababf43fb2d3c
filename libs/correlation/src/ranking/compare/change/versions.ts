/** Whether the harm is where a change was made: instances of the new version compared with those of the old one, in the same minutes. */
import type { Change, OperationRow } from '@faultline/model';
import type { OperationGroup } from '../../rows/group.ts';
import type { Comparison } from '../comparison.ts';
import { areWorse, servingGroups } from './serving.ts';

/** `guilty`: only what was changed suffers. `innocent`: the rest suffers as much. `unknown`: nothing to compare, or nothing suffers. */
export type ChangeVerdict = 'guilty' | 'innocent' | 'unknown';

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
    const old = since.filter((row) => !isNew(row));
    const past = rows.filter((row) => windows[row.slice] === 'baseline' && !isNew(row));
    const isNewWorse = areWorse(since.filter(isNew), old);
    if (isNewWorse === true) return 'guilty';
    if (isNewWorse === false && areWorse(old, past) === true) verdict = 'innocent';
  }
  return verdict;
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
