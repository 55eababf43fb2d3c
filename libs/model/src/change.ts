import type { Entities } from './entity.ts';
import type { ObjectReference } from './object-reference.ts';
import type { Release } from './release.ts';
import type { Scope } from './scope.ts';

export const changeKinds = ['deploy', 'rollback', 'config', 'flag', 'scale', 'infrastructure', 'other'] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** Something that somebody or something altered. An empty `scope.environment` means every environment of the tenant. */
export interface Change {
  /** Hash of the source's own identity of the change, so that a redelivery is the same change. */
  readonly id: string;
  readonly scope: Scope;
  readonly source: string;
  readonly kind: ChangeKind;
  readonly entities: Entities;
  readonly summary: string;
  readonly actor: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  /** New and previous version, or empty when not known. */
  readonly version: string;
  readonly previousVersion: string;
  readonly url: string;
  readonly receivedAtMs: number;
  readonly raw: string;
  /** What changed in an object of a cluster. Null or absent: the source reports none of it. */
  readonly cluster?: ClusterChange | null;
  /** What it delivers. Null or absent: the source names none of it. */
  readonly release?: Release | null;
}

/** What a change did to one object of a Kubernetes cluster. A rollout is one change, reported again as it proceeds. */
export interface ClusterChange {
  readonly object: ObjectReference;
  /** `deployment.kubernetes.io/revision`, the name of a ControllerRevision, or the generation. Empty: unknown. */
  readonly revision: string;
  /** Who wrote it: the field manager, such as `kubectl-edit` or `kustomize-controller`. `Change.actor` names the person where one is known. */
  readonly manager: string;
  /** The commit that a delivery tool applied, as its annotations name it. Empty: unknown. */
  readonly commit: string;
  /** Containers whose image changed. References are as written, with tag and digest. */
  readonly images: readonly { readonly container: string; readonly from: string; readonly to: string }[];
  /** What else differs, sorted by path. At most `maxChangedPaths`; `omittedPaths` counts the rest. */
  readonly paths: readonly ChangedPath[];
  readonly omittedPaths: number;
  /** Null: the object does not roll out. */
  readonly rollout: Rollout | null;
}

/**
 * One difference of two versions of an object. List items are addressed by name: `spec.template.spec.containers[pay].env[DB_URL].value`.
 * Values are JSON, cut at 200 characters; null where the path is absent. Values of secrets are never here: only their salted hashes.
 */
export interface ChangedPath {
  readonly path: string;
  readonly from: string | null;
  readonly to: string | null;
}

export const maxChangedPaths = 20;

export const rolloutStates = ['progressing', 'complete', 'stuck', 'superseded', 'paused'] as const;

/** How far a rollout is, as the workload's status says. */
export interface Rollout {
  /** `stuck`: past `progressDeadlineSeconds`. `superseded`: another rollout began before this one was complete. */
  readonly state: (typeof rolloutStates)[number];
  /** The reason of the condition, such as `ProgressDeadlineExceeded`. Empty: none. */
  readonly reason: string;
  readonly updated: number;
  readonly available: number;
  readonly desired: number;
  /** When the state was last seen to differ, ms since 1970. */
  readonly atMs: number;
}

/** An edge of the call graph that telemetry does not show, told to us by `DeclareGraph`. */
export interface DeclaredGraph {
  readonly scope: Scope;
  readonly source: string;
  readonly edges: readonly { readonly from: string; readonly to: string }[];
  readonly declaredAtMs: number;
}
