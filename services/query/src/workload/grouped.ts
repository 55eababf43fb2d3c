/** Values by key that are also found by group. A value may move to another group when it is set again. */
export class Grouped<Value> {
  readonly #values = new Map<string, Value>();
  readonly #groups = new Map<string, Map<string, Value>>();
  readonly #groupOf: (value: Value) => string;

  constructor(groupOf: (value: Value) => string) {
    this.#groupOf = groupOf;
  }

  set(key: string, value: Value): void {
    this.delete(key);
    this.#values.set(key, value);
    const name = this.#groupOf(value);
    const group = this.#groups.get(name) ?? new Map<string, Value>();
    group.set(key, value);
    this.#groups.set(name, group);
  }

  delete(key: string): void {
    const value = this.#values.get(key);
    if (value === undefined) return;
    this.#values.delete(key);
    const name = this.#groupOf(value);
    const group = this.#groups.get(name);
    group?.delete(key);
    if (group?.size === 0) this.#groups.delete(name);
  }

  /** A copy, so that values may be deleted meanwhile. */
  keys(): readonly string[] {
    return [...this.#values.keys()];
  }

  group(name: string): readonly Value[] {
    return [...(this.#groups.get(name)?.values() ?? [])];
  }
}
