import type { Entities } from './entity.ts';
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
}

/** An edge of the call graph that telemetry does not show, told to us by `DeclareGraph`. */
export interface DeclaredGraph {
  readonly scope: Scope;
  readonly source: string;
  readonly edges: readonly { readonly from: string; readonly to: string }[];
  readonly declaredAtMs: number;
}
