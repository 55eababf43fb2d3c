/** What Argo CD and Flux say of the declared state: which objects are out of sync, and what is not applied. Pure. */
import { type Json, list, text } from '../api/json.ts';
import type { ObservedObject } from '../decode/object.ts';
import type { Difference } from './difference.ts';

/** An object that Argo CD reports as out of sync. Its status names no fields. */
export interface OutOfSync {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Objects of this cluster that an Application reports as out of sync. An Application may deliver to another cluster. */
export function outOfSync({ reference, body, status }: ObservedObject): readonly OutOfSync[] {
  if (reference.kind !== 'Application' || !isThisCluster(body)) return [];
  return list(status, 'resources')
    .filter((resource) => text(resource, 'status') === 'OutOfSync')
    .map((resource) => ({
      group: text(resource, 'group'),
      kind: text(resource, 'kind'),
      namespace: text(resource, 'namespace'),
      name: text(resource, 'name'),
    }));
}

function isThisCluster(body: Json): boolean {
  const server = text(body, 'spec', 'destination', 'server');
  return server === 'https://kubernetes.default.svc' || text(body, 'spec', 'destination', 'name') === 'in-cluster';
}

/** For people: `Application shop at 0a1b2c`. */
export function applicationText({ reference, status }: ObservedObject): string {
  const revision = text(status, 'sync', 'revision').slice(0, 12);
  return `Application ${reference.namespace}/${reference.name}${revision === '' ? '' : ` at ${revision}`}`;
}

/** The differences of a delivery object itself: it is suspended, or has not applied the last revision. */
export function deliveryDifferences(observed: ObservedObject): readonly Difference[] {
  const { kind } = observed.reference;
  if (kind === 'Application') return isThisCluster(observed.body) ? [] : applicationDifferences(observed);
  return kind === 'Kustomization' || kind === 'HelmRelease' ? fluxDifferences(observed) : [];
}

function applicationDifferences({ status }: ObservedObject): readonly Difference[] {
  const sync = text(status, 'sync', 'status');
  return sync === 'OutOfSync' ? [difference(['status', 'sync', 'status'], sync, 'Synced', 'Git')] : [];
}

function fluxDifferences({ body, status }: ObservedObject): readonly Difference[] {
  const spec = body['spec'];
  const isSuspended = typeof spec === 'object' && spec !== null && 'suspend' in spec && spec['suspend'] === true;
  const [applied, attempted] = [text(status, 'lastAppliedRevision'), text(status, 'lastAttemptedRevision')];
  const isBehind = applied !== '' && attempted !== '' && applied !== attempted;
  return [
    ...(isSuspended ? [difference(['spec', 'suspend'], true, false, 'Git')] : []),
    ...(isBehind ? [difference(['status', 'lastAppliedRevision'], applied, attempted, 'Git')] : []),
  ];
}

function difference(fields: readonly string[], value: Json, expected: Json, reference: string): Difference {
  return {
    against: 'declared',
    reference,
    path: fields.join('.'),
    steps: fields.map((field) => ({ field })),
    value,
    expected,
    isExpectedKnown: true,
    expectedBody: null,
    sinceMs: null,
    actor: null,
  };
}
