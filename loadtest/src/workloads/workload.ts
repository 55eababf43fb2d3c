/** A Deployment with its ReplicaSets, pods, Service and endpoints, and what a fault makes of them. */
import type { JsonObject } from '@faultline/kube/engine';
import { type Cluster, type Draft, iso, uidOf } from './cluster.ts';

export interface WorkloadName {
  readonly name: string;
  readonly namespace: string;
  /** Its Service. Default: of the same name. */
  readonly service?: string;
}

/** The parts of a template that a fault or a release changes. */
export interface Template {
  readonly image?: string;
  readonly container?: JsonObject;
  readonly pod?: JsonObject;
}

/** How its pods are. */
export interface PodState {
  readonly status: JsonObject;
  /** A Warning event about each pod. */
  readonly warning?: { readonly reason: string; readonly message: string };
}

export const replicas = 3;

export function deployment(
  { name, namespace }: WorkloadName,
  template: Template = {},
  status: JsonObject = {},
  count = replicas,
): Draft {
  return {
    metadata: { namespace, name, labels: { app: name } },
    spec: {
      replicas: count,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: podSpec(name, template) },
    },
    status,
  };
}

function podSpec(name: string, { image = `${name}:1`, container = {}, pod = {} }: Template): JsonObject {
  return { containers: [{ name, image, ports: [{ name: 'http', containerPort: 8080 }], ...container }], ...pod };
}

export function service({ name, namespace, service = name }: WorkloadName, spec: JsonObject = {}): Draft {
  const ports = [{ name: 'http', port: 80, targetPort: 'http' }];
  return { metadata: { namespace, name: service }, spec: { selector: { app: name }, ports, ...spec } };
}

function endpoints({ name, namespace, service = name }: WorkloadName, ready: boolean): Draft {
  return {
    metadata: { namespace, name: `${service}-x`, labels: { 'kubernetes.io/service-name': service } },
    endpoints: Array.from({ length: replicas }, () => ({ conditions: { ready } })),
  };
}

function replicaSet({ name, namespace }: WorkloadName, revision: number, count: number): Draft {
  const owner = { kind: 'Deployment', name, uid: uidOf('Deployment', name, namespace), controller: true };
  return {
    metadata: { namespace, name: `${name}-${revision}`, ownerReferences: [owner] },
    spec: { replicas: count },
  };
}

function pod(of: WorkloadName, revision: number, index: number, template: Template, status: JsonObject): Draft {
  const set = `${of.name}-${revision}`;
  const owner = { kind: 'ReplicaSet', name: set, uid: uidOf('ReplicaSet', set, of.namespace), controller: true };
  return {
    metadata: {
      namespace: of.namespace,
      name: podName(of, revision, index),
      labels: { app: of.name },
      ownerReferences: [owner],
    },
    spec: { ...podSpec(of.name, template), nodeName: `n${(index % 3) + 1}` },
    status,
  };
}

function podName({ name }: WorkloadName, revision: number, index: number): string {
  return `${name}-${revision}-${index}`;
}

export function running(name: string, startedMs: number): JsonObject {
  return {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: iso(startedMs) }],
    containerStatuses: [{ name, ready: true, restartCount: 0, state: { running: { startedAt: iso(startedMs) } } }],
  };
}

/** All objects of a healthy workload. */
export function healthy(of: WorkloadName, atMs: number): (readonly [string, Draft])[] {
  return [
    ['Deployment', deployment(of)],
    ['ReplicaSet', replicaSet(of, 1, replicas)],
    ...Array.from({ length: replicas }, (_, i) => ['Pod', pod(of, 1, i, {}, running(of.name, atMs))] as const),
    ['Service', service(of)],
    ['EndpointSlice', endpoints(of, true)],
  ];
}

interface Step {
  readonly atMs: number;
  readonly manager: string;
}

/** A rollout: the template changes, and new pods take the place of the old ones after some seconds. */
export function rollOut(cluster: Cluster, of: WorkloadName, template: Template, { atMs, manager }: Step): void {
  cluster.put('Deployment', deployment(of, template), { atMs, manager });
  cluster.put('ReplicaSet', replicaSet(of, 2, replicas), { atMs: atMs + 1000, manager: controller });
}

/** Replaces the first `count` pods by pods of revision `to` in this state. Without any left, no endpoint is ready. */
export function replacePods(
  cluster: Cluster,
  of: WorkloadName,
  { template, state, count, from, to, atMs }: PodReplacement,
): void {
  for (let i = 0; i < count; i += 1) {
    const podMs = atMs + 500 * i;
    if (from !== to) cluster.remove('Pod', pod(of, from, i, {}, {}), podMs);
    const made = pod(of, to, i, template, state.status);
    cluster.put('Pod', made, { atMs: podMs + 100, manager: kubelet });
    if (state.warning !== undefined)
      cluster.put('Event', warning(of, podName(of, to, i), state.warning, atMs), {
        atMs: podMs + 200,
        manager: kubelet,
      });
  }
  if (count === replicas) {
    if (from !== to) cluster.put('ReplicaSet', replicaSet(of, from, 0), { atMs: atMs + 2000, manager: controller });
    cluster.put('EndpointSlice', endpoints(of, false), { atMs: atMs + 2100, manager: controller });
  }
}

/** Its pods of revision 1 go, and nothing takes their place. */
export function removePods(cluster: Cluster, of: WorkloadName, atMs: number): void {
  for (let i = 0; i < replicas; i += 1) cluster.remove('Pod', pod(of, 1, i, {}, {}), atMs + 100 * i);
  cluster.put('EndpointSlice', endpoints(of, false), { atMs: atMs + 1000, manager: controller });
}

export interface PodReplacement {
  readonly template: Template;
  readonly state: PodState;
  readonly count: number;
  readonly from: number;
  readonly to: number;
  readonly atMs: number;
}

const controller = 'kube-controller-manager';
const kubelet = 'kubelet';

/** An event about an object of this namespace. */
export function warning(
  { namespace }: WorkloadName,
  about: string,
  { reason, message }: { readonly reason: string; readonly message: string },
  atMs: number,
  kind = 'Pod',
): Draft {
  return {
    metadata: { namespace, name: `${about}.${reason}` },
    type: 'Warning',
    reason,
    message,
    involvedObject: { kind, name: about, uid: uidOf(kind, about, namespace), fieldPath: '' },
    firstTimestamp: iso(atMs),
    lastTimestamp: iso(atMs + 1000),
  };
}
