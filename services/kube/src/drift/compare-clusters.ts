/**
 * Compares one object with the same object of other clusters. Each process decides for its own cluster, and all of them come to the same
 * result from the same objects: for each path one value is expected, and the clusters with another value have drifted. Pure.
 */
import { isHashed } from '@faultline/model';
import type { Json, JsonObject } from '../api/json.ts';
import { isNoise } from '../change/compare.ts';
import { type Leaf, leavesOf, type PathStep, pathOf, valueAt } from '../path/path.ts';
import type { Difference } from './difference.ts';

/** An object of one cluster. */
export interface ClusterVersion {
  readonly cluster: string;
  /** Names the salt of its hashes: hashes with another salt compare with nothing. */
  readonly saltId: string;
  /** When it last changed; 0: not since it is watched. */
  readonly changedAtMs: number;
  readonly body: JsonObject;
}

/** Kinds that mean the same in every cluster. Ingresses and routes carry the cluster's own host names. */
export const comparedAcrossClusters: ReadonlySet<string> = new Set([
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'cronjobs.batch',
  'rollouts.argoproj.io',
  'configmaps',
  'secrets',
  'services',
  'horizontalpodautoscalers.autoscaling',
  'poddisruptionbudgets.policy',
  'networkpolicies.networking.k8s.io',
  'resourcequotas',
  'limitranges',
]);

/** `reference` is the cluster that is always right; empty: the value that most clusters have is expected. */
export function compareClusters(
  own: ClusterVersion,
  others: readonly ClusterVersion[],
  reference: string,
): readonly Difference[] {
  if (others.length === 0 || others.every(({ body }) => isSameText(body, own.body))) return [];
  const versions = [own, ...others];
  const found = new Map<string, Difference>();
  for (const [path, leaf] of unionOf(versions)) {
    const holders = expectedHolders(versions, leaf.steps, { own, reference });
    if (holders === null || holders.includes(own)) continue;
    const difference = differenceAt(own, holders, leaf.steps);
    // A whole container or volume that is missing is one difference.
    if (!found.has(difference.path) && !isNoise(path)) found.set(difference.path, difference);
  }
  return [...found.values()];
}

/** Equal text is equal content. Other text may be, too: then the leaves tell. */
function isSameText(a: JsonObject, b: JsonObject): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The server fills these in, each cluster on its own, or they name what only this cluster has. */
const ownOfCluster =
  /^metadata(\.|$)|template\.metadata\.annotations|pod-template-hash|\.nodePort$|^spec\.(loadBalancerIP|externalIPs|volumeName)/;

function unionOf(versions: readonly ClusterVersion[]): ReadonlyMap<string, Leaf> {
  const union = new Map<string, Leaf>();
  for (const { body } of versions)
    for (const [path, leaf] of leavesOf(body)) if (!union.has(path) && !ownOfCluster.test(path)) union.set(path, leaf);
  return union;
}

/** The versions with the expected value. Null: the reference does not have the object. */
function expectedHolders(
  versions: readonly ClusterVersion[],
  steps: readonly PathStep[],
  { own, reference }: { readonly own: ClusterVersion; readonly reference: string },
): readonly ClusterVersion[] | null {
  const groups = Map.groupBy(versions, (version) => comparedText(version, own, steps));
  if (groups.size === 1) return versions;
  if (reference === '') return [...groups.values()].sort(byTrust)[0] ?? null;
  return [...groups.values()].find((group) => group.some(({ cluster }) => cluster === reference)) ?? null;
}

/** Most clusters first. Of two halves the one that changed last has drifted; names decide where nothing else does. */
function byTrust(a: readonly ClusterVersion[], b: readonly ClusterVersion[]): number {
  return b.length - a.length || newestOf(a) - newestOf(b) || (firstName(a) < firstName(b) ? -1 : 1);
}

function newestOf(group: readonly ClusterVersion[]): number {
  return Math.max(...group.map(({ changedAtMs }) => changedAtMs));
}

function firstName(group: readonly ClusterVersion[]): string {
  return group.map(({ cluster }) => cluster).sort()[0] ?? '';
}

/** A hash with another salt says only that there is a value. It counts as the own one, so it never makes a difference. */
function comparedText(version: ClusterVersion, own: ClusterVersion, steps: readonly PathStep[]): string {
  const json = jsonAt(version, steps);
  if (version.saltId === own.saltId || !isHashed(json)) return json;
  const ownJson = jsonAt(own, steps);
  return isHashed(ownJson) ? ownJson : 'hashed';
}

function jsonAt({ body }: ClusterVersion, steps: readonly PathStep[]): string {
  return JSON.stringify(valueAt(body, steps)) ?? '';
}

function differenceAt(
  own: ClusterVersion,
  holders: readonly ClusterVersion[],
  leafSteps: readonly PathStep[],
): Difference {
  const [first] = holders;
  const expectedBody = first?.body ?? {};
  const steps = shortestAbsent(own.body, expectedBody, leafSteps);
  const newestMs = newestOf(holders);
  const isOwnChange = own.changedAtMs >= newestMs;
  return {
    against: 'cluster',
    reference: holders
      .map(({ cluster }) => cluster)
      .sort()
      .join(', '),
    path: pathOf(steps),
    steps,
    value: valueAt(own.body, steps),
    expected: valueAt(expectedBody, steps),
    isExpectedKnown: true,
    expectedBody,
    sinceMs: Math.max(own.changedAtMs, newestMs) || null,
    actor: isOwnChange ? null : '',
  };
}

/** The shortest part of a path that only one of both has. The whole path where both have its parent. */
function shortestAbsent(a: Json, b: Json, steps: readonly PathStep[]): readonly PathStep[] {
  for (let length = 1; length < steps.length; length += 1) {
    const part = steps.slice(0, length);
    if ((valueAt(a, part) === undefined) !== (valueAt(b, part) === undefined)) return part;
  }
  return steps;
}
