/** All differences of one object: from what is declared, from its own past, and from other clusters. Pure. */
import type { JsonObject } from '../api/json.ts';
import { deliveryOf } from '../change/actor.ts';
import { isNoisy } from '../change/change.ts';
import type { ClusterModel } from '../cluster/model.ts';
import type { ObservedObject } from '../decode/object.ts';
import { areaOf } from './areas.ts';
import { type ClusterVersion, compareClusters, comparedAcrossClusters } from './compare-clusters.ts';
import { compareDeclared, type Declaration } from './compare-declared.ts';
import { comparePast } from './compare-past.ts';
import { deliveryDifferences } from './delivery.ts';
import type { Difference } from './difference.ts';
import type { ExpectedTest } from './expected.ts';
import { comparedBody } from './peers.ts';
import type { ReleasedObject } from './releases.ts';

export interface FindInputs {
  readonly observed: ObservedObject;
  /** When it last changed; 0: not since it is watched. */
  readonly changedAtMs: number;
  /** The version before this one; null: none was seen. */
  readonly before: JsonObject | null;
  readonly released: ReleasedObject | null;
  /** The Application that reports it as out of sync. Empty: none does. */
  readonly outOfSync: string;
  readonly others: readonly ClusterVersion[];
  readonly isScaled: boolean;
}

export interface FindRules {
  readonly cluster: string;
  readonly saltId: string;
  /** The cluster that is always right. Empty: none. */
  readonly reference: string;
  /** Whether values of Secrets must be the same in all clusters. */
  readonly compareSecretValues: boolean;
  readonly isExpected: ExpectedTest;
}

/** More differences than these of one object say no more than that it is another object. */
export const maxDifferences = 50;

/** At most `maxDifferences`, those of the highest risk first, then by path. */
export function findDifferences(inputs: FindInputs, rules: FindRules): readonly Difference[] {
  const { observed, isScaled } = inputs;
  if (isNoisy(observed)) return [];
  const declaration = declarationOf(inputs);
  const declared = declaredDifferences(inputs, declaration);
  const past = pastDifferences(inputs, declaration).filter(({ path }) => !declared.some((one) => one.path === path));
  const found = [...declared, ...past, ...clusterDifferences(inputs, rules)].filter(
    ({ path, against }) =>
      !(isScaled && path === 'spec.replicas') && !rules.isExpected({ object: observed.reference, against, path }),
  );
  return found.sort(byRisk(observed)).slice(0, maxDifferences);
}

const riskOrder = { high: 0, medium: 1, low: 2 } as const;

function byRisk({ reference: { kind } }: ObservedObject): (a: Difference, b: Difference) => number {
  const risk = ({ path }: Difference) => riskOrder[areaOf(kind, path).risk];
  return (a, b) => risk(a) - risk(b) || (a.path < b.path ? -1 : 1);
}

/** Helm keeps what it declares, and so does `kubectl apply`. A tool that applies on the server keeps nothing in the cluster. */
export function declarationOf({ observed, released }: Pick<FindInputs, 'observed' | 'released'>): Declaration | null {
  if (released !== null)
    return {
      reference: `release ${released.namespace}/${released.release} revision ${released.revision}`,
      body: released.body,
    };
  const applied = observed.origin?.lastApplied ?? null;
  if (applied === null) return null;
  const source = deliveryOf(observed.labels, observed.annotations)?.source ?? null;
  const reference =
    source === null
      ? 'last applied configuration'
      : `${source.kind} ${[source.namespace, source.name].filter(Boolean).join('/')}`;
  return { reference, body: applied };
}

function declaredDifferences(
  { observed, outOfSync }: FindInputs,
  declaration: Declaration | null,
): readonly Difference[] {
  const fields = declaration === null ? [] : compareDeclared(observed.body, declaration);
  const found = [...fields, ...deliveryDifferences(observed)];
  // Argo CD names the object only. Its fields are more telling where they are known.
  return found.length > 0 || outOfSync === '' ? found : [wholeObject(outOfSync)];
}

function wholeObject(reference: string): Difference {
  return {
    against: 'declared',
    reference,
    path: '',
    steps: [],
    value: 'OutOfSync',
    expected: 'Synced',
    isExpectedKnown: true,
    expectedBody: null,
    sinceMs: null,
    actor: null,
  };
}

function pastDifferences({ observed, before }: FindInputs, declaration: Declaration | null): readonly Difference[] {
  const owners = observed.origin?.owners;
  if (owners === undefined) return [];
  return comparePast({ live: observed.body, before, declared: declaration?.body ?? null, owners });
}

function clusterDifferences(
  { observed, changedAtMs, others }: FindInputs,
  { cluster, saltId, reference, compareSecretValues }: FindRules,
): readonly Difference[] {
  if (!comparedAcrossClusters.has(observed.resource) || observed.owner !== null || isCertificate(observed)) return [];
  const shape = observed.resource === 'secrets' && !compareSecretValues ? keysOnly : (body: JsonObject) => body;
  const own: ClusterVersion = { cluster, saltId, changedAtMs, body: shape(comparedBody(observed.body)) };
  const versions = others.map((other) => ({ ...other, body: shape(other.body) }));
  return compareClusters(own, versions, reference);
}

/** Each cluster has certificates of its own. */
function isCertificate({ resource, body }: ObservedObject): boolean {
  return resource === 'secrets' && body['type'] === 'kubernetes.io/tls';
}

/** Passwords of different clusters should differ. Their names should not. */
function keysOnly({ data, ...body }: JsonObject): JsonObject {
  const keys = typeof data === 'object' && data !== null ? Object.keys(data) : [];
  return { ...body, data: Object.fromEntries(keys.map((key) => [key, 'present'])) };
}

/** Whether an autoscaler sets the replicas of an object. */
export function isScaledByAutoscaler(
  model: ClusterModel,
  { reference: { kind, namespace, name } }: Pick<ObservedObject, 'reference'>,
): boolean {
  for (const { observed } of model.all('horizontalpodautoscalers.autoscaling', namespace)) {
    const target = scaleTargetOf(observed);
    if (target !== null && target.kind === kind && target.name === name) return true;
  }
  return false;
}

/** What an autoscaler scales; null for any other object. */
export function scaleTargetOf({ body, reference }: Pick<ObservedObject, 'body' | 'reference'>): {
  readonly kind: string;
  readonly name: string;
} | null {
  const spec = body['spec'];
  if (reference.kind !== 'HorizontalPodAutoscaler' || typeof spec !== 'object' || spec === null) return null;
  const target = 'scaleTargetRef' in spec ? spec['scaleTargetRef'] : null;
  if (typeof target !== 'object' || target === null || !('kind' in target) || !('name' in target)) return null;
  return { kind: String(target['kind']), name: String(target['name']) };
}
