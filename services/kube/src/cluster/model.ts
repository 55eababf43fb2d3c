/** The objects of one cluster as they were last seen, and who belongs to whom. It has one owner, which changes it in place. */
import type { Change, ObjectReference } from '@faultline/model';
import type { ObservedObject } from '../decode/object.ts';

/** An object, and what was reported of it. */
export interface KnownObject {
  readonly observed: ObservedObject;
  /** When it was last seen to change; 0: not since it is watched. */
  readonly changedAtMs: number;
  readonly actor: string;
  readonly changeId: string;
  /** The rollout that is not complete yet. */
  readonly openChange: Change | null;
  /** Hashes of the templates that it had, newest first: one that returns is a rollback. */
  readonly templates: readonly string[];
}

export class ClusterModel {
  /** By resource, namespace and name. */
  readonly #objects = new Map<string, Map<string, Map<string, KnownObject>>>();
  /** Namespaces by resource and name: names are looked up for each event, in clusters of thousands of namespaces. */
  readonly #namespaces = new Map<string, Map<string, Set<string>>>();
  readonly #byUid = new Map<string, KnownObject>();
  /** Pods by the uid of their controller. */
  readonly #owned = new Map<string, Set<string>>();
  /** Resources that were listed since the start, or read from the saved state. */
  readonly #synced = new Set<string>();

  get(resource: string, namespace: string, name: string): KnownObject | undefined {
    return this.#objects.get(resource)?.get(namespace)?.get(name);
  }

  byUid(uid: string): KnownObject | undefined {
    return this.#byUid.get(uid);
  }

  /** All of one resource, in one namespace or in all. */
  *all(resource: string, namespace?: string): Generator<KnownObject> {
    const spaces = this.#objects.get(resource);
    if (spaces === undefined) return;
    const chosen =
      namespace === undefined ? spaces.values() : [spaces.get(namespace) ?? new Map<string, KnownObject>()];
    for (const names of chosen) yield* names.values();
  }

  /** The namespaces that have an object of this name, of any of the resources. */
  namespacesOf(resources: readonly string[], name: string): readonly string[] {
    const found = new Set<string>();
    for (const resource of resources)
      for (const namespace of this.#namespaces.get(resource)?.get(name) ?? []) found.add(namespace);
    return [...found];
  }

  /** The objects of a resource that this one controls. */
  *ownedBy(uid: string, resource: string): Generator<KnownObject> {
    for (const owned of this.#owned.get(uid) ?? []) {
      const known = this.#byUid.get(owned);
      if (known?.observed.resource === resource) yield known;
    }
  }

  set(known: KnownObject): void {
    const { resource, reference, uid, owner } = known.observed;
    const before = this.get(resource, reference.namespace, reference.name);
    if (before !== undefined) this.#forget(before);
    let spaces = this.#objects.get(resource);
    if (spaces === undefined) {
      spaces = new Map();
      this.#objects.set(resource, spaces);
    }
    let names = spaces.get(reference.namespace);
    if (names === undefined) {
      names = new Map();
      spaces.set(reference.namespace, names);
    }
    names.set(reference.name, known);
    if (before === undefined) this.#addNamespace(resource, reference);
    this.#byUid.set(uid, known);
    if (owner === null) return;
    const siblings = this.#owned.get(owner.uid);
    if (siblings === undefined) this.#owned.set(owner.uid, new Set([uid]));
    else siblings.add(uid);
  }

  delete({ resource, reference }: Pick<ObservedObject, 'resource' | 'reference'>): void {
    const before = this.get(resource, reference.namespace, reference.name);
    if (before === undefined) return;
    this.#forget(before);
    this.#objects.get(resource)?.get(reference.namespace)?.delete(reference.name);
    const namespaces = this.#namespaces.get(resource)?.get(reference.name);
    namespaces?.delete(reference.namespace);
    if (namespaces?.size === 0) this.#namespaces.get(resource)?.delete(reference.name);
  }

  #addNamespace(resource: string, { namespace, name }: ObjectReference): void {
    let names = this.#namespaces.get(resource);
    if (names === undefined) {
      names = new Map();
      this.#namespaces.set(resource, names);
    }
    const namespaces = names.get(name);
    if (namespaces === undefined) names.set(name, new Set([namespace]));
    else namespaces.add(namespace);
  }

  #forget({ observed: { uid, owner } }: KnownObject): void {
    this.#byUid.delete(uid);
    if (owner === null) return;
    const siblings = this.#owned.get(owner.uid);
    siblings?.delete(uid);
    if (siblings?.size === 0) this.#owned.delete(owner.uid);
  }

  markSynced(resource: string): void {
    this.#synced.add(resource);
  }

  /** Whether an object of this resource that is not here does not exist. */
  isSynced(resource: string): boolean {
    return this.#synced.has(resource);
  }
}
