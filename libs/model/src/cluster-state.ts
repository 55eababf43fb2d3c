/**
 * What is kept of a cluster on the compacted `config` topic (docs/adr/0036-kubernetes.md). Keys are
 * `{tenant}/kubernetes/{cluster}/{record type}/{resource}/{namespace}/{name}`.
 */
import type { Entities } from './entity.ts';
import type { ObjectReference } from './object-reference.ts';
import type { Scope } from './scope.ts';

/** The last reported version of an object whose changes are reported, without status and noise. Values of secrets are salted hashes. */
export interface ClusterObject {
  readonly scope: Scope;
  readonly cluster: string;
  /** The plural of the API with its group: `deployments.apps`, `secrets`. */
  readonly resource: string;
  readonly object: ObjectReference;
  readonly uid: string;
  readonly resourceVersion: string;
  /** When it last changed, ms since 1970, by whom, and the id of that change. Empty: not changed since it is watched. */
  readonly changedAtMs: number;
  readonly actor: string;
  readonly changeId: string;
  /** JSON of the fields that are compared. */
  readonly body: string;
}

/**
 * Which entities an address or a name of a cluster stands for. The record of a pod is kept for a day after its end, so that late
 * telemetry of its IP still finds its workload.
 */
export interface EntityBinding {
  readonly scope: Scope;
  readonly cluster: string;
  readonly object: ObjectReference;
  /** Pod IPs, or a Service's cluster IPs and load balancer addresses. Empty for pods on the host's network. */
  readonly addresses: readonly string[];
  readonly entities: Entities;
  readonly fromMs: number;
  /** Null: it still exists. */
  readonly toMs: number | null;
  /** Null: its labels and annotations say nothing of an owner. */
  readonly ownership?: Ownership | null;
}

/** Who owns an object of a cluster, as its labels and annotations say. Empty: they do not say. */
export interface Ownership {
  readonly team: string;
  /** Where to reach the team: a channel or an address. */
  readonly contact: string;
  readonly runbookUrl: string;
  /** The name of its component in a Backstage catalogue. */
  readonly component: string;
  /** The application that it is part of. */
  readonly application: string;
  /** The label or annotation that names the team. */
  readonly namedBy: string;
}

/** How far a resource was read. A restart continues there; an API server that no longer has it answers 410, and the resource is listed. */
export interface WatchPosition {
  readonly scope: Scope;
  readonly cluster: string;
  readonly resource: string;
  readonly resourceVersion: string;
  readonly atMs: number;
}

/** The types of records on `config`, as the header `type` has them. */
export const clusterRecordTypes = {
  object: 'cluster-object',
  binding: 'entity-binding',
  position: 'watch-position',
  finding: 'workload-finding',
  drift: 'drift',
  driftAcceptance: 'drift-acceptance',
  /** The salt of the hashes that stand for values of Secrets: JSON, no Avro. */
  salt: 'salt',
} as const;
export type ClusterRecordType = (typeof clusterRecordTypes)[keyof typeof clusterRecordTypes];

/** The key on `config`. Names of Kubernetes hold no slash. */
export function clusterStateKey(
  { scope, cluster }: { readonly scope: Scope; readonly cluster: string },
  type: ClusterRecordType,
  ...path: readonly string[]
): string {
  return [scope.tenant, 'kubernetes', cluster, type, ...path].join('/');
}
