/**
 * A change that was made in one cluster, compared with the same service in the other clusters. They share its load, its callees and the
 * minute, but not the change. No two clusters are alike, so each is first compared with its own past.
 */
import type { Change, OperationRow } from '@faultline/model';
import type { Comparison } from '../comparison.ts';
import { areWorse, minCalls, servingGroups } from './serving.ts';
import type { ChangeVerdict } from './versions.ts';

/** What the clusters show. */
export type ClusterControl =
  | 'others-suffer-too'
  | 'changed-one-is-healthy'
  | 'others-run-same-release'
  | 'others-are-healthy';

export interface ClusterContrast {
  readonly verdict: ChangeVerdict;
  readonly control: ClusterControl;
  /** The cluster of the change. */
  readonly here: string;
  readonly others: readonly string[];
}

type Inputs = Pick<Comparison, 'groups' | 'windows' | 'presence'>;

/** Null unless the change names its cluster, and the service served there and elsewhere in both windows. */
export function contrastClusters(inputs: Inputs, change: Change, service: string): ClusterContrast | null {
  const here = change.entities.cluster ?? '';
  const groups = servingGroups(inputs, service);
  const clusters = clustersOf(inputs, service);
  const others = [...new Set(clusters.values())].filter((name) => name !== '' && name !== here).sort();
  if (here === '' || others.length === 0) return null;
  const clusterOf = ({ instance }: OperationRow): string => clusters.get(instance) ?? '';
  const isThere = (row: OperationRow): boolean => others.includes(clusterOf(row));
  const isSame = groups.some(({ rows }) => servesRelease(inputs, rows.filter(isThere), change));
  const worse = groups.map(({ rows }) =>
    whereWorse(inputs, rows, { isHere: (row) => clusterOf(row) === here, isThere }),
  );
  const contrast = (verdict: ChangeVerdict, control: ClusterControl) => ({ verdict, control, here, others });
  if (worse.includes('both')) return contrast('innocent', 'others-suffer-too');
  if (!worse.includes('here')) return worse.includes('there') ? contrast('innocent', 'changed-one-is-healthy') : null;
  return isSame ? contrast('innocent', 'others-run-same-release') : contrast('guilty', 'others-are-healthy');
}

function clustersOf({ presence }: Pick<Inputs, 'presence'>, service: string): ReadonlyMap<string, string> {
  const own = presence.filter((row) => row.service === service && row.instance !== '');
  return new Map(own.map(({ instance, cluster = '' }) => [instance, cluster]));
}

interface Split {
  readonly isHere: (row: OperationRow) => boolean;
  readonly isThere: (row: OperationRow) => boolean;
}

/** Where an operation got worse; null where that is nowhere, or cannot be told. */
function whereWorse(
  { windows }: Pick<Inputs, 'windows'>,
  rows: readonly OperationRow[],
  { isHere, isThere }: Split,
): 'here' | 'there' | 'both' | null {
  const worse = [isHere, isThere].map((isOf) => {
    const own = rows.filter(isOf);
    const past = own.filter(({ slice }) => windows[slice] === 'baseline');
    const now = own.filter(({ slice }) => windows[slice] === 'incident');
    return areWorse(now, past);
  });
  const [here, there] = worse;
  if (typeof here !== 'boolean' || typeof there !== 'boolean' || !(here || there)) return null;
  return here && there ? 'both' : here ? 'here' : 'there';
}

function servesRelease(
  { windows }: Pick<Inputs, 'windows'>,
  rows: readonly OperationRow[],
  { version }: Change,
): boolean {
  const same = rows.filter((row) => windows[row.slice] === 'incident' && version !== '' && row.version === version);
  return same.reduce((sum, { calls }) => sum + calls, 0) >= minCalls;
}
