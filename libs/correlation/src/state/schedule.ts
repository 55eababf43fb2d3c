/** Deadlines of very many keys: a heap by time. Moving a key to a later time costs nothing until its old time comes. */

interface Planned {
  dueMs: number;
  /** The time of its valid entry in the heap. Other entries of the key are stale. */
  queuedMs: number;
}

interface Entry {
  readonly atMs: number;
  readonly key: string;
}

export class Schedule {
  readonly #planned = new Map<string, Planned>();
  readonly #heap: Entry[] = [];

  /** Sets the deadline of a key; null removes it. */
  set(key: string, dueMs: number | null): void {
    const planned = this.#planned.get(key);
    if (dueMs === null) {
      if (planned !== undefined) this.#planned.delete(key);
      return;
    }
    if (planned !== undefined && planned.queuedMs <= dueMs) {
      planned.dueMs = dueMs;
      return;
    }
    this.#planned.set(key, { dueMs, queuedMs: dueMs });
    this.#push({ atMs: dueMs, key });
  }

  /** The earliest deadline; null when there is none. */
  next(): number | null {
    return this.#top()?.atMs ?? null;
  }

  /** Removes the keys that are due, and returns them sorted. */
  take(atMs: number): string[] {
    const keys: string[] = [];
    for (let top = this.#top(); top !== undefined && top.atMs <= atMs; top = this.#top()) {
      this.#pop();
      this.#planned.delete(top.key);
      keys.push(top.key);
    }
    return keys.sort();
  }

  /** The first entry that is not stale. */
  #top(): Entry | undefined {
    for (let top = this.#heap[0]; top !== undefined; top = this.#heap[0]) {
      const planned = this.#planned.get(top.key);
      if (planned?.queuedMs === top.atMs && planned.dueMs === top.atMs) return top;
      this.#pop();
      if (planned?.queuedMs !== top.atMs) continue;
      planned.queuedMs = planned.dueMs;
      this.#push({ atMs: planned.dueMs, key: top.key });
    }
    return undefined;
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Entry;
      if (above.atMs <= entry.atMs) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && (heap[child + 1] as Entry).atMs < (heap[child] as Entry).atMs) child += 1;
      const below = heap[child] as Entry;
      if (below.atMs >= last.atMs) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
  }
}
