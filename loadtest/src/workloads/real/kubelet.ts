/**
 * Stands in for the kubelets of a cluster without machines: it registers nodes, sends their heartbeats, and writes the status of each pod that
 * the scheduler has placed. Everything else is left to the control plane.
 */
import type { JsonObject } from '@faultline/kube/engine';
import { type Api, mergePatch, strategicPatch } from './api.ts';
import type { RealFault } from './faults.ts';
import { running, type StatusInput } from './statuses.ts';

interface NodePool {
  readonly name: string;
  readonly zone: string;
  /** Only pods that select the pool run here. */
  readonly pool?: string;
}

const nodes: readonly NodePool[] = [
  ...['n1', 'n2', 'n3', 'n4'].map((name, i) => ({ name, zone: i % 2 === 0 ? 'zone-a' : 'zone-b' })),
  ...['gpu', 'drain', 'lost', 'disk', 'memory'].map((pool) => ({ name: `n-${pool}`, zone: 'zone-a', pool })),
];

const nodeConditions = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'] as const;
const heartbeatMs = 15_000;

interface Pod {
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly deletionTimestamp?: string;
  };
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: StatusInput['containers'];
    readonly initContainers?: StatusInput['initContainers'];
  };
  readonly status: {
    readonly startTime?: string;
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly reason?: string }[];
  };
}

export class Kubelets {
  readonly #api: Api;
  /** Faults whose pods break from now on, by namespace. */
  readonly #active = new Map<string, RealFault>();
  /** Pods whose status is written. */
  readonly #written = new Set<string>();
  readonly #conditions = new Map<string, string>();
  /** Pods of an earlier run keep their addresses, so each run has a range of its own. */
  readonly #network = 64 + (Math.floor(Date.now() / 60_000) % 128);
  #pods = 0;
  #heartbeatAtMs = 0;

  constructor(api: Api) {
    this.#api = api;
  }

  async register(): Promise<void> {
    for (const node of nodes) await this.#api.send('POST', '/api/v1/nodes', nodeObject(node), undefined, [409]);
    await this.step();
  }

  /** From now on new pods of the fault's namespace get its status, and its node its condition. */
  activate(fault: RealFault): void {
    this.#active.set(fault.name, fault);
    if (fault.node !== undefined) this.#conditions.set(fault.node.name, fault.node.condition);
    this.#heartbeatAtMs = 0;
  }

  /** One round: heartbeats that are due, and a status for each pod that has none. */
  async step(): Promise<void> {
    const nowMs = Date.now();
    if (nowMs - this.#heartbeatAtMs >= heartbeatMs) {
      this.#heartbeatAtMs = nowMs;
      for (const node of nodes) if (this.#conditions.get(node.name) !== 'Ready') await this.#heartbeat(node);
    }
    for (const pod of (await this.#api.items('/api/v1/pods')) as readonly Pod[]) await this.#serve(pod);
  }

  async #heartbeat({ name }: NodePool): Promise<void> {
    const now = new Date().toISOString();
    const bad = this.#conditions.get(name);
    const conditions = nodeConditions.map((type) => ({
      type,
      status: type === 'Ready' || type === bad ? 'True' : 'False',
      reason: type === 'Ready' ? 'KubeletReady' : `Kubelet${type === bad ? 'Has' : 'HasNo'}${type}`,
      lastHeartbeatTime: now,
    }));
    await this.#api.send('PATCH', `/api/v1/nodes/${name}/status`, { status: { conditions } }, strategicPatch);
    const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime: `${now.slice(0, -1)}000Z` };
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name }, spec };
    await this.#api.apply(lease, 'kube-node-lease', 'kubelet');
  }

  async #serve({ metadata, spec, status: before }: Pod): Promise<void> {
    const path = `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`;
    if (spec.nodeName === undefined || this.#conditions.get(spec.nodeName) === 'Ready') return;
    if (metadata.deletionTimestamp !== undefined) {
      await this.#api.send('DELETE', `${path}?gracePeriodSeconds=0`, undefined, undefined, [404]);
      return;
    }
    // A pod of an earlier run that the node controller has marked is as it was before: its node is back.
    const isLost = before.conditions?.some(({ type, reason }) => type === 'Ready' && reason === undefined) === true;
    if (this.#written.has(metadata.uid) || (before.startTime !== undefined && !isLost)) return;
    this.#written.add(metadata.uid);
    this.#pods += 1;
    const status = this.#active.get(metadata.namespace)?.status ?? running;
    const now = new Date(Math.floor(Date.now() / 1000) * 1000).toISOString().replace('.000Z', 'Z');
    const podIp = before.podIP ?? `10.${this.#network}.${this.#pods >> 8}.${this.#pods & 255}`;
    const { containers, initContainers = [] } = spec;
    const writes = status({ namespace: metadata.namespace, containers, initContainers, podIp, now });
    await this.#api.send('PATCH', `${path}/status`, { status: writes.status }, strategicPatch, [404, 409]);
    if (writes.warning !== undefined) await this.#warn(metadata, writes.warning, spec.nodeName, now);
  }

  async #warn(
    { namespace, name, uid }: Pod['metadata'],
    { reason, message, container }: { readonly reason: string; readonly message: string; readonly container?: string },
    host: string,
    now: string,
  ): Promise<void> {
    const fieldPath = container === undefined ? {} : { fieldPath: `spec.containers{${container}}` };
    await this.#api.send('POST', `/api/v1/namespaces/${namespace}/events`, {
      metadata: { name: `${name}.${uid.slice(0, 8)}`, namespace },
      involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace, name, uid, ...fieldPath },
      type: 'Warning',
      reason,
      message,
      source: { component: 'kubelet', host },
      firstTimestamp: now,
      lastTimestamp: now,
      count: 3,
    });
  }
}

function nodeObject({ name, zone, pool }: NodePool): JsonObject {
  const labels = { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': zone, ...(pool && { pool }) };
  const capacity = { cpu: '4', memory: '8Gi', pods: '110', 'ephemeral-storage': '50Gi' };
  const nodeInfo = {
    architecture: 'amd64',
    bootID: '',
    containerRuntimeVersion: 'containerd://2.1.4',
    kernelVersion: '6.12.0',
    kubeProxyVersion: '',
    kubeletVersion: 'v1.37.2',
    machineID: '',
    operatingSystem: 'linux',
    osImage: 'Debian GNU/Linux 13',
    systemUUID: '',
  };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels },
    spec: { ...(pool !== undefined && { taints: [{ key: 'pool', value: pool, effect: 'NoSchedule' }] }) },
    status: { capacity, allocatable: capacity, nodeInfo },
  };
}

/** Writes the status of an object as its own controller would. */
export async function writeStatus(api: Api, path: string, status: JsonObject): Promise<void> {
  await api.send('PATCH', `${path}/status`, { status }, mergePatch);
}
