/** Runs work over a few resources, each doing one thing at a time; of what waits, what is due first starts first, then what came first. */
export interface Lanes<Resource> {
  /** `dueMs`: when its result is wanted, on any clock that all work shares; 0 goes before everything. */
  run<Value>(work: (resource: Resource) => Promise<Value>, dueMs?: number): Promise<Value>;
  /** Resolves when nothing runs or waits. */
  idle(): Promise<void>;
}

export function createLanes<Resource>(resources: readonly Resource[]): Lanes<Resource> {
  const free = [...resources];
  /** By due time. */
  const waiting: { readonly dueMs: number; readonly start: (resource: Resource) => void }[] = [];
  const running = new Set<Promise<void>>();
  const acquire = (dueMs: number) => {
    const resource = free.pop();
    if (resource !== undefined) return Promise.resolve(resource);
    return new Promise<Resource>((start) => {
      const place = waiting.findIndex((other) => other.dueMs > dueMs);
      waiting.splice(place < 0 ? waiting.length : place, 0, { dueMs, start });
    });
  };
  const release = (resource: Resource) => {
    const next = waiting.shift();
    if (next === undefined) free.push(resource);
    else next.start(resource);
  };
  const runOne = async <Value>(work: (resource: Resource) => Promise<Value>, dueMs: number) => {
    const resource = await acquire(dueMs);
    try {
      return await work(resource);
    } finally {
      release(resource);
    }
  };
  return {
    run: (work, dueMs = 0) => {
      const promise = runOne(work, dueMs);
      const done = () => void running.delete(settled);
      const settled: Promise<void> = promise.then(done, done);
      running.add(settled);
      return promise;
    },
    idle: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
