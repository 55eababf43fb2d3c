/**
 * A change that was made in one cluster, held against the same service in the others: they share its load, its callees and the minute, and
 * not the change. Each cluster is compared with its own past first, since no two are alike.
 */
import type { Change } from '@faultline/model';
import type { OperationGroup } from '../../rows/group.ts';
import type { Context } from '../comparison.ts';
import { isWorseThan, minCalls, sumOf, type VersionVerdict } from './versions.ts';

type Row = OperationGroup['rows'][number];

export interface Contrast {
  readonly verdict: VersionVerdict;
  /** What the control shows, printable; empty where there is none. */
  readonly control: string;
}

const unknown: Contrast = { verdict: 'unknown', control: '' };

/** `unknown` unless the change names its cluster and the service served in it and in another, before and since. */
export function contrastClusters(context: Context, change: Change, service: string): Contrast {
  const here = change.entities.cluster ?? '';
  const clusters = clustersOf(context, service);
  const others = [...new Set(clusters.values())].filter((name) => name !== '' && name !== here).sort();
  if (here === '' || others.length === 0) return unknown;
  const groups = context.groups.operations.filter(
    (group) => group.service === service && group.kind !== 'client' && group.kind !== 'producer',
  );
  const clusterOf = ({ instance }: Row): string => clusters.get(instance) ?? '';
  const told = groups.map(({ rows }) =>
    judge(context, rows, {
      isHere: (row) => clusterOf(row) === here,
      isThere: (row) => others.includes(clusterOf(row)),
    }),
  );
  const elsewhere = `${service} in cluster ${others.join(', ')}`;
  if (told.includes('both'))
    return { verdict: 'innocent', control: `${elsewhere}, where it was not made, suffers no less` };
  if (!told.includes('here') && told.includes('there'))
    return { verdict: 'innocent', control: `${service} in cluster ${here}, where it was made, is well` };
  if (!told.includes('here')) return unknown;
  const isSame = groups.some(({ rows }) =>
    servesWell(
      context,
      rows.filter((row) => others.includes(clusterOf(row))),
      change,
    ),
  );
  return isSame
    ? { verdict: 'innocent', control: `${elsewhere} is well with the same release` }
    : { verdict: 'guilty', control: `${elsewhere}, where it was not made, is well` };
}

function clustersOf({ presence }: Context, service: string): ReadonlyMap<string, string> {
  const own = presence.filter((row) => row.service === service && row.instance !== '');
  return new Map(own.map(({ instance, cluster = '' }) => [instance, cluster]));
}

interface Split {
  readonly isHere: (row: Row) => boolean;
  readonly isThere: (row: Row) => boolean;
}

/** Where an operation got worse: only where the change was made, only elsewhere, in both, or nowhere that can be told. */
function judge({ sides }: Context, rows: readonly Row[], { isHere, isThere }: Split): 'here' | 'there' | 'both' | null {
  const worse = [isHere, isThere].map((isOf) => {
    const own = rows.filter(isOf);
    const [past, now] = [false, true].map((side) => sumOf(own.filter(({ slice }) => sides[slice] === side)));
    if (past === undefined || now === undefined || past.calls < minCalls || now.calls < minCalls) return null;
    return isWorseThan(now, past);
  });
  const [here, there] = worse;
  if (typeof here !== 'boolean' || typeof there !== 'boolean' || !(here || there)) return null;
  return here && there ? 'both' : here ? 'here' : 'there';
}

function servesWell({ sides }: Context, rows: readonly Row[], { version }: Change): boolean {
  const same = rows.filter((row) => sides[row.slice] === true && version !== '' && row.version === version);
  return sumOf(same).calls >= minCalls;
}
