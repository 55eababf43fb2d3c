/** Records of a watched cluster, as its watcher writes them, and rows of its history. */
import {
  type Change,
  clusterRecordTypes,
  clusterStateKey,
  codecs,
  type Drift,
  type ObjectReference,
  type Ownership,
  type Rollout,
  recordTypeHeader,
  type WorkloadFinding,
} from '@faultline/model';
import { nowMs } from './harness.ts';

const scope = { tenant: 'default', environment: 'production' };
export const minuteMs = 60_000;

export interface WorkloadOptions {
  readonly cluster?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly replicas?: number;
  readonly image?: string;
  /** An open rollout. */
  readonly rollout?: Partial<Rollout>;
}

const resources: Readonly<Record<string, string>> = { Deployment: 'deployments.apps', CronJob: 'cronjobs.batch' };

function stateRecord(
  cluster: string,
  type: (typeof clusterRecordTypes)[keyof typeof clusterRecordTypes],
  path: readonly string[],
  value: Uint8Array | null,
) {
  const key = clusterStateKey({ scope, cluster }, type, ...path);
  return { topic: 'config', key, value, headers: { [recordTypeHeader]: type } } as const;
}

export function workloadRecord(name: string, options: WorkloadOptions = {}) {
  const { cluster = 'east', kind = 'Deployment', namespace = 'shop', replicas, image = `${name}:1` } = options;
  const resource = resources[kind] ?? 'deployments.apps';
  const template = { spec: { containers: [{ name, image }] } };
  const spec = kind === 'CronJob' ? { jobTemplate: { spec: { template } } } : { replicas, template };
  const open = options.rollout === undefined ? null : aRollout(name, { rollout: options.rollout });
  const value = codecs.clusterObject.encode({
    scope,
    cluster,
    resource,
    object: { kind, namespace, name },
    uid: `uid-${name}`,
    resourceVersion: '7',
    changedAtMs: nowMs - 10 * minuteMs,
    actor: 'ann',
    changeId: 'c1',
    body: JSON.stringify({ body: { spec }, templates: [], openChange: open === null ? null : JSON.stringify(open) }),
  });
  return stateRecord(cluster, clusterRecordTypes.object, [resource, namespace, name], value);
}

/** A null value, as when the object was deleted. */
export function withoutValue<Sent extends { readonly value: Uint8Array | null }>(record: Sent) {
  return { ...record, value: null };
}

export function podRecord(name: string, workload: string, toMs: number | null = null) {
  const value = codecs.entityBinding.encode({
    scope,
    cluster: 'east',
    object: { kind: 'Pod', namespace: 'shop', name },
    addresses: [],
    entities: { service: `${workload}-service`, workload, namespace: 'shop', cluster: 'east', node: 'n1' },
    fromMs: nowMs - 9 * minuteMs,
    toMs,
    ownership: null,
  });
  return stateRecord('east', clusterRecordTypes.binding, ['pods', 'shop', name], value);
}

export function ownerRecord(object: ObjectReference, team: string) {
  const ownership: Ownership = {
    team,
    contact: `#${team}`,
    runbookUrl: '',
    component: '',
    application: '',
    namedBy: 'owner',
  };
  const value = codecs.entityBinding.encode({
    scope,
    cluster: 'east',
    object,
    addresses: [],
    entities: {},
    fromMs: 0,
    toMs: null,
    ownership,
  });
  return stateRecord('east', clusterRecordTypes.binding, ['owned', object.namespace, object.name], value);
}

export function findingRecord(finding: WorkloadFinding) {
  const value = codecs.workloadFinding.encode(finding);
  return stateRecord('east', clusterRecordTypes.finding, [finding.id], value);
}

/** The Secret that Deployment `pay` refers to is missing. */
export function aFinding(over: Partial<WorkloadFinding> = {}): WorkloadFinding {
  return {
    id: 'f1',
    scope,
    source: 'kubernetes',
    mechanism: 'secret-missing',
    object: { kind: 'Deployment', namespace: 'shop', name: 'pay' },
    field: 'spec.template.spec.containers[pay].env[DB_URL].valueFrom.secretKeyRef',
    target: { kind: 'Secret', namespace: 'shop', name: 'pay-db' },
    targetKey: 'url',
    entities: { service: 'payments', workload: 'pay', namespace: 'shop', cluster: 'east' },
    reason: 'CreateContainerConfigError',
    message: 'secret "pay-db" not found',
    sinceMs: nowMs - 5 * minuteMs,
    endedAtMs: null,
    observedAtMs: nowMs - 5 * minuteMs,
    affected: 1,
    total: 3,
    measures: {},
    changedBy: {
      changeId: 'c2',
      object: { kind: 'Secret', namespace: 'shop', name: 'pay-db' },
      actor: 'kustomize-controller',
      atMs: nowMs - 5 * minuteMs,
    },
    ...over,
  };
}

interface RolloutOptions {
  readonly over?: Partial<Change>;
  readonly rollout?: Partial<Rollout>;
}

/** A rollout of a Deployment of the namespace `shop`. */
export function aRollout(name: string, { over, rollout }: RolloutOptions = {}): Change {
  return {
    id: 'c1',
    scope,
    source: 'kubernetes',
    kind: 'deploy',
    entities: { service: 'payments', workload: name, namespace: 'shop', cluster: 'east' },
    summary: `Deployment shop/${name} changed: ${name} 1 to 2`,
    actor: 'ann',
    startedAtMs: nowMs - 10 * minuteMs,
    endedAtMs: null,
    version: '2',
    previousVersion: '1',
    url: '',
    receivedAtMs: nowMs - 10 * minuteMs,
    raw: '',
    cluster: {
      object: { kind: 'Deployment', namespace: 'shop', name },
      revision: '4',
      manager: 'argocd',
      commit: 'abc',
      images: [{ container: name, from: `${name}:1`, to: `${name}:2` }],
      paths: [{ path: 'spec.replicas', from: null, to: '3' }],
      omittedPaths: 0,
      rollout: {
        state: 'progressing',
        reason: '',
        updated: 1,
        available: 2,
        desired: 3,
        atMs: nowMs - 9 * minuteMs,
        ...rollout,
      },
    },
    ...over,
  };
}

/** A change that no rollout is: of a Secret that Deployment `pay` uses. */
export function aSecretChange(over: Partial<Change> = {}): Change {
  const { cluster, ...change } = aRollout('pay');
  const made = {
    object: { kind: 'Secret', namespace: 'shop', name: 'pay-db' },
    revision: '',
    manager: 'kustomize-controller',
    commit: '',
    images: [],
    paths: [],
    omittedPaths: 0,
    rollout: null,
  };
  return { ...change, id: 'c2', kind: 'config', summary: 'Secret shop/pay-db deleted', cluster: made, ...over };
}

/** Deployment `pay` has three replicas in the cluster `east`, and two elsewhere. */
export function aDrift(over: Partial<Drift> = {}): Drift {
  return {
    id: 'd-1',
    scope,
    cluster: 'east',
    object: { kind: 'Deployment', namespace: 'shop', name: 'pay' },
    entities: { service: 'payments', workload: 'pay', namespace: 'shop', cluster: 'east' },
    against: 'cluster',
    reference: 'west',
    path: 'spec.replicas',
    value: '3',
    expected: '2',
    isExpectedKnown: true,
    area: 'replicas',
    risk: 'high',
    sinceMs: nowMs - 60 * minuteMs,
    endedAtMs: null,
    observedAtMs: nowMs - 60 * minuteMs,
    actor: 'ann',
    changeId: '',
    team: 'payers',
    contact: '',
    patch: '',
    command: 'kubectl scale',
    valuesId: 'v1',
    ...over,
  };
}

export function driftRecord(drift: Drift) {
  return stateRecord(drift.cluster, clusterRecordTypes.drift, [drift.id], codecs.drift.encode(drift));
}
