/** A cluster of given objects, and the faults that are found in it. */
import type { JsonObject } from '../api/json.ts';
import { baseline } from '../change/change.ts';
import { ClusterModel } from '../cluster/model.ts';
import { Warnings } from '../cluster/warnings.ts';
import { createConcealer } from '../decode/conceal.ts';
import { observeObject } from '../decode/object.ts';
import type { FaultDraft } from '../finding/draft.ts';
import { findFaults } from '../finding/find.ts';
import { resourceKinds, resourceName } from '../resources/table.ts';
import { deployment } from './objects.ts';

export const nowMs = Date.parse('2026-11-30T12:30:00Z');
export const earlier = '2026-11-30T12:00:00Z';

export type Draft = JsonObject & { readonly metadata: JsonObject };

/** A cluster of these objects. Each resource counts as listed, unless it is in `unread`. */
export function clusterOf(objects: readonly (readonly [kind: string, Draft])[], unread: readonly string[] = []) {
  const model = new ClusterModel();
  const warnings = new Warnings();
  for (const kind of resourceKinds) if (!unread.includes(resourceName(kind))) model.markSynced(resourceName(kind));
  for (const [name, draft] of objects) {
    const kind = resourceKinds.find((entry) => entry.kind === name);
    if (kind === undefined) throw new Error(`no kind ${name}`);
    const metadata = { uid: `uid-${String(draft.metadata['name'])}`, creationTimestamp: earlier, ...draft.metadata };
    const observed = observeObject(kind, { ...draft, metadata }, createConcealer('salt'));
    if (observed === null) throw new Error('the object has no name');
    if (name === 'Event') warnings.add(observed);
    else model.set(baseline(observed));
  }
  return (kind: string, name: string, namespace = 'shop') =>
    findFaults({ model, cluster: 'east', nowMs, warningsOf: (uid) => warnings.of(uid) }, { kind, namespace, name });
}

export const inShop = (name: string, more: JsonObject = {}): JsonObject => ({ namespace: 'shop', name, ...more });
export const ownedBy = (kind: string, name: string): JsonObject => ({
  ownerReferences: [{ kind, name, uid: `uid-${name}`, controller: true }],
});

interface PodParts {
  readonly status?: JsonObject;
  readonly container?: JsonObject;
  readonly pod?: JsonObject;
}

/** The Deployment `pay` with its ReplicaSet and one pod, and more objects. */
export function pay(
  { status = {}, container = {}, pod = {} }: PodParts,
  ...more: readonly (readonly [string, Draft])[]
) {
  const draft = deployment('pay', { container, pod });
  const spec = { containers: [{ name: 'pay', image: 'pay:1', ...container }], nodeName: 'n1', ...pod };
  return clusterOf([
    ['Deployment', draft],
    ['ReplicaSet', { metadata: inShop('pay-1', ownedBy('Deployment', 'pay')), spec: { replicas: 1 } }],
    [
      'Pod',
      {
        metadata: inShop('pay-1-a', { labels: { app: 'pay' }, ...ownedBy('ReplicaSet', 'pay-1') }),
        spec,
        status: { phase: 'Pending', ...status },
      },
    ],
    ...more,
  ])('Deployment', 'pay');
}

export const containerStatus = (fields: JsonObject): JsonObject => ({
  containerStatuses: [{ name: 'pay', restartCount: 4, ...fields }],
});
export const waiting = (reason: string, message = ''): JsonObject =>
  containerStatus({ state: { waiting: { reason, message } } });
export const crashed = (terminated: JsonObject): JsonObject => ({
  phase: 'Running',
  ...containerStatus({
    state: { waiting: { reason: 'CrashLoopBackOff' } },
    lastState: { terminated: { reason: 'Error', finishedAt: earlier, ...terminated } },
  }),
});

export const warning = (about: string, reason: string, message: string, name = 'e'): readonly [string, Draft] => [
  'Event',
  {
    metadata: inShop(name),
    type: 'Warning',
    reason,
    message,
    involvedObject: { uid: `uid-${about}`, fieldPath: '' },
    firstTimestamp: '2026-11-30T12:20:00Z',
    lastTimestamp: '2026-11-30T12:29:00Z',
  },
];

/** The parts of a fault that name it. */
export const named = (faults: readonly FaultDraft[]) =>
  faults.map(({ mechanism, field, target, targetKey }) => {
    const at = target === null ? '' : ` ${target.kind} ${target.name}`;
    return `${mechanism} ${field}${at}${targetKey === '' ? '' : ` ${targetKey}`}`;
  });
