/** What is wrong with an object of a cluster right now, as its API says: the mechanism, the object and the field at fault. */
import type { Entities } from './entity.ts';
import type { ObjectReference } from './object-reference.ts';
import type { Scope } from './scope.ts';

/**
 * How something fails. A mechanism is decided by typed fields of the API: reasons, exit codes, conditions and counts. Where the API has only
 * a message, `services/kube/src/finding` maps the messages of the kubelet and the scheduler to these in one table.
 */
export const findingMechanisms = [
  // Containers. `measures`: exitCode, signal, restarts.
  'container-exits',
  'container-killed',
  'out-of-memory',
  'container-cannot-start',
  'init-container-failed',
  'readiness-failing',
  'liveness-failing',
  'startup-failing',
  // Images.
  'image-not-found',
  'image-denied',
  'image-rate-limited',
  'image-registry-unreachable',
  'image-name-invalid',
  'image-wrong-architecture',
  // What a pod refers to: `target` is what is missing.
  'config-map-missing',
  'config-map-key-missing',
  'secret-missing',
  'secret-key-missing',
  'service-account-missing',
  // Volumes.
  'mount-failed',
  'attach-failed',
  'claim-missing',
  'claim-without-class',
  'claim-without-volume',
  'claim-not-provisioned',
  // Scheduling. `measures`: nodes, and the nodes of each predicate, such as `insufficient-cpu`.
  'insufficient-resources',
  'taint-not-tolerated',
  'node-selector-mismatch',
  'affinity-unsatisfied',
  'topology-spread-unsatisfied',
  'volume-node-conflict',
  'unschedulable',
  // Admission: the API server refused to create pods.
  'quota-exceeded',
  'limit-range-violated',
  'admission-refused',
  'admission-webhook-down',
  'access-denied',
  // Workloads.
  'rollout-stuck',
  'job-failed',
  'pod-evicted',
  // Traffic.
  'selector-matches-nothing',
  'no-ready-endpoints',
  'target-port-mismatch',
  'network-policy-denies',
  'dns-down',
  // Scaling and disruption.
  'autoscaler-at-limit',
  'autoscaler-without-metrics',
  'disruption-budget-blocks',
  // Nodes.
  'node-not-ready',
  'node-disk-pressure',
  'node-memory-pressure',
  'node-pid-pressure',
  'node-network-unavailable',
  // Others.
  'certificate-expired',
  'certificate-expiring',
  'certificate-not-issued',
  'delivery-failed',
] as const;
export type FindingMechanism = (typeof findingMechanisms)[number];

/**
 * One fault of one object, from when it was first seen until it is gone. Each version has the same id: the last one counts. Pods of one
 * workload with the same fault are one finding, so a workload of 500 pods has as many findings as faults.
 */
export interface WorkloadFinding {
  /** Hash of cluster, workload, mechanism, field and target. The same fault that comes back within a day has the same id. */
  readonly id: string;
  readonly scope: Scope;
  /** Always `kubernetes` so far. */
  readonly source: string;
  readonly mechanism: FindingMechanism;
  /** The object whose field is at fault: the workload, not its pod, where there is one. */
  readonly object: ObjectReference;
  /** The field at fault: `spec.template.spec.containers[pay].env[DB_URL].valueFrom.secretKeyRef`. Empty: the whole object. */
  readonly field: string;
  /** What the field refers to, or what refuses it: the missing Secret, the quota, the node. Null: nothing else takes part. */
  readonly target: ObjectReference | null;
  /** The key, image, port or resource within the target: `url`, `registry/pay:2`, `requests.cpu`. Empty: none. */
  readonly targetKey: string;
  /** The workload, and the service, namespace, cluster and node that it concerns, named as alerts and spans name them. */
  readonly entities: Entities;
  /** The reason as the API has it, such as `CrashLoopBackOff`. Never decide by it: `mechanism` is the decision. */
  readonly reason: string;
  /** The API's message for people, without values of secrets, cut at 500 characters. Never decide by it. */
  readonly message: string;
  /** Since when it is so, by the API's own time where it has one. */
  readonly sinceMs: number;
  /** When it was seen to be over. Null: it still is so. */
  readonly endedAtMs: number | null;
  /** When this version was made. */
  readonly observedAtMs: number;
  /** How many pods of the workload, or endpoints, or nodes show it, and how many there are. */
  readonly affected: number;
  readonly total: number;
  /** Numbers by name; see `findingMechanisms` for the names. */
  readonly measures: Readonly<Record<string, number>>;
  /** The last change of the object or of its target before `sinceMs`. Null: none is known. */
  readonly changedBy: FindingChange | null;
}

/** The change that may have made a finding. */
export interface FindingChange {
  /** `Change.id`; the change is on the `changes` topic as well. */
  readonly changeId: string;
  readonly object: ObjectReference;
  /** The person, or else the field manager. */
  readonly actor: string;
  readonly atMs: number;
}
