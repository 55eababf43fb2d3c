/** Runs work over a few resources, each doing one thing at a time; waiting work starts in the order in which it came. */
export interface Lanes<Resource> {
  run<Value>(work: (resource: Resource) => Promise<Value>): Promise<Value>;
  /** Resolves when nothing runs or waits. */
  idle(): Promise<void>;
}

export function createLanes<Resource>(resources: readonly Resource[]): Lanes<Resource> {
  const free = [...resources];
  const waiting: ((resource: Resource) => void)[] = [];
  const running = new Set<Promise<void>>();
  const acquire = () => {
    const resource = free.pop();
    if (resource !== undefined) return Promise.resolve(resource);
    return new Promise<Resource>((resolve) => waiting.push(resolve));
  };
  const release = (resource: Resource) => {
    const next = waiting.shift();
    if (next === undefined) free.push(resource);
    else next(resource);
  };
  const runOne = async <Value>(work: (resource: Resource) => Promise<Value>) => {
    const resource = await acquire();
    try {
      return await work(resource);
    } finally {
      release(resource);
    }
  };
  return {
    run: (work) => {
      const promise = runOne(work);
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
