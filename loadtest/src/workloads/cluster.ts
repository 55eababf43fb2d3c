/** A cluster of API objects that is changed step by step. The Kubernetes source reads it and reports changes and faults. */

import {
  ClusterEngine,
  createConcealer,
  emptyState,
  type JsonObject,
  type ResourceKind,
  resourceKinds,
} from '@faultline/kube/engine';
import { type Change, codecs, recordTypeHeader, recordTypes, type WorkloadFinding } from '@faultline/model';

/** An object without what the API server adds: uid, versions, times, managers. */
export type Draft = JsonObject & { readonly metadata: JsonObject & { readonly name: string } };

/** What the source reported, and when. */
export type Report =
  | { readonly atMs: number; readonly kind: 'change'; readonly change: Change }
  | { readonly atMs: number; readonly kind: 'finding'; readonly finding: WorkloadFinding };

export const clusterScope = { tenant: 't', environment: '' };

export class Cluster {
  readonly #engine = new ClusterEngine({
    identity: { cluster: 'east', scope: clusterScope },
    concealer: createConcealer('evaluation'),
    saved: emptyState(),
    addressMemoryMs: 86_400_000,
    positionMs: 3_600_000,
    drift: null,
    onProblem: (_resource, error) => {
      throw error;
    },
    kinds: resourceKinds,
  });
  readonly #objects = new Map<string, Draft>();
  #version = 1;
  readonly reports: Report[] = [];

  /** Lists the first objects: what is there before anything is reported. */
  begin(objects: readonly (readonly [kind: string, draft: Draft])[], atMs: number): void {
    const listed = Map.groupBy(objects, ([kind]) => kind);
    for (const kind of resourceKinds) {
      const items = (listed.get(kind.kind) ?? []).map(([, draft]) => this.#stored(kind, draft, 'installer', atMs));
      this.#take({ type: 'listed', kind, items, resourceVersion: '1' }, atMs);
    }
  }

  /** Creates or replaces an object. Its status is part of it. */
  put(name: string, draft: Draft, { atMs, manager }: { readonly atMs: number; readonly manager: string }): void {
    const kind = kindOf(name);
    this.#take({ type: 'changed', kind, object: this.#stored(kind, draft, manager, atMs) }, atMs);
  }

  remove(name: string, draft: Draft, atMs: number): void {
    const kind = kindOf(name);
    const object = this.#stored(kind, draft, '', atMs);
    this.#objects.delete(keyOf(kind, draft));
    this.#take({ type: 'deleted', kind, object }, atMs);
  }

  #stored(kind: ResourceKind, draft: Draft, manager: string, atMs: number): JsonObject {
    const before = this.#objects.get(keyOf(kind, draft));
    this.#version += 1;
    const time = iso(atMs);
    const metadata = {
      uid: uidOf(kind.kind, draft.metadata.name, String(draft.metadata['namespace'] ?? '')),
      creationTimestamp: before?.metadata['creationTimestamp'] ?? time,
      ...draft.metadata,
      resourceVersion: String(this.#version),
      managedFields: [{ manager, operation: 'Update', time }],
    };
    const stored = { ...draft, metadata };
    this.#objects.set(keyOf(kind, draft), stored);
    return stored;
  }

  #take(input: Parameters<ClusterEngine['take']>[0][number], atMs: number): void {
    for (const { topic, value, headers } of this.#engine.take([input], atMs).records) {
      if (topic !== 'changes' || value === null) continue;
      const type = headers?.[recordTypeHeader];
      if (type === recordTypes.change)
        this.reports.push({ atMs, kind: 'change', change: decoded(codecs.change.decode(value)) });
      if (type === recordTypes.workloadFinding)
        this.reports.push({ atMs, kind: 'finding', finding: decoded(codecs.workloadFinding.decode(value)) });
    }
  }
}

/** The uid that an object gets, so that its pods can name their owner. */
export function uidOf(kind: string, name: string, namespace: string): string {
  return `uid-${kind}-${namespace}-${name}`;
}

export function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}

function kindOf(name: string): ResourceKind {
  const kind = resourceKinds.find((entry) => entry.kind === name);
  if (kind === undefined) throw new Error(`the source reads no ${name}`);
  return kind;
}

function keyOf({ kind }: ResourceKind, { metadata }: Draft): string {
  return `${kind}/${String(metadata['namespace'] ?? '')}/${metadata.name}`;
}

function decoded<Value>(
  result: { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly reason: string },
): Value {
  if (!result.ok) throw new Error(result.reason);
  return result.value;
}
