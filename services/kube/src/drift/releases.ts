/** What Helm releases declare, by object. It has one owner, which changes it in place. */
import type { JsonObject } from '../api/json.ts';
import type { ObservedObject } from '../decode/object.ts';
import { keyOf } from './subject.ts';

export interface ReleasedObject {
  readonly release: string;
  readonly namespace: string;
  readonly revision: string;
  readonly body: JsonObject;
}

export class Releases {
  /** By object, then by the Secret that declares it. During an upgrade two revisions may do so. */
  readonly #objects = new Map<string, Map<string, ReleasedObject>>();
  readonly #keysOfSecret = new Map<string, readonly string[]>();

  /** Takes a version of a Secret, or null for one that is gone. Returns the keys of the objects that it declares or declared. */
  take(secret: Pick<ObservedObject, 'reference'>, observed: ObservedObject | null): readonly string[] {
    const { namespace, name } = secret.reference;
    const id = `${namespace}/${name}`;
    const before = this.#keysOfSecret.get(id) ?? [];
    const release = observed?.origin?.release ?? null;
    if (before.length === 0 && release === null) return [];
    for (const key of before) this.#objects.get(key)?.delete(id);
    const objects = release?.objects ?? [];
    for (const { body, ...object } of objects) {
      const declared = { release: release?.name ?? '', namespace, revision: release?.revision ?? '', body };
      const known = this.#objects.get(keyOf(object)) ?? new Map<string, ReleasedObject>();
      known.set(id, declared);
      this.#objects.set(keyOf(object), known);
    }
    const keys = objects.map(keyOf);
    this.#keysOfSecret.set(id, keys);
    return [...new Set([...before, ...keys])];
  }

  /** The newest revision counts. */
  of(key: string): ReleasedObject | null {
    const declared = [...(this.#objects.get(key)?.values() ?? [])];
    return declared.sort((a, b) => Number(b.revision) - Number(a.revision))[0] ?? null;
  }
}
