/**
 * Runs work on a few resources that each do one thing at a time. Waiting work starts in the order of its deadlines,
 * then of its arrival.
 */
export interface ResourcePool<Resource> {
  /** `deadlineMs`: when the result is needed, on any clock that all work shares. 0 goes before everything. */
  run<Value>(work: (resource: Resource) => Promise<Value>, deadlineMs?: number): Promise<Value>;
  /** Resolves when nothing runs or waits. */
  idle(): Promise<void>;
}

export function createResourcePool<Resource>(resources: readonly Resource[]): ResourcePool<Resource> {
  const free = [...resources];
  /** By deadline. */
  const waiting: { readonly deadlineMs: number; readonly start: (resource: Resource) => void }[] = [];
  const running = new Set<Promise<void>>();
  const acquire = (deadlineMs: number) => {
    const resource = free.pop();
    if (resource !== undefined) return Promise.resolve(resource);
    return new Promise<Resource>((start) => {
      const place = waiting.findIndex((other) => other.deadlineMs > deadlineMs);
      waiting.splice(place < 0 ? waiting.length : place, 0, { deadlineMs, start });
    });
  };
  const release = (resource: Resource) => {
    const next = waiting.shift();
    if (next === undefined) free.push(resource);
    else next.start(resource);
  };
  const runOne = async <Value>(work: (resource: Resource) => Promise<Value>, deadlineMs: number) => {
    const resource = await acquire(deadlineMs);
    try {
      return await work(resource);
    } finally {
      release(resource);
    }
  };
  return {
    run: (work, deadlineMs = 0) => {
      const promise = runOne(work, deadlineMs);
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
