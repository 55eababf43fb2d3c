/**
 * How many bytes a run allocates, garbage included. It is never less than what the run holds at once, and unlike that
 * it does not depend on when garbage is collected.
 */
import { type HeapProfiler, Session } from 'node:inspector';

/** Linear cost gives 4 for a body of four times the size, quadratic cost 16. */
const mostRatio = 6;
/** Below this, what a request allocates whatever its size decides, and what the compiler left out of the smaller run. */
const fixedBytes = 4 * 1024 * 1024;

export interface Allocations {
  readonly smallBytes: number;
  readonly largeBytes: number;
}

type Run = () => unknown;

/** What a small body allocates, and one of four times its size. Each runs once before, so that compilation does not count. */
export async function allocations(small: Run, large: Run): Promise<Allocations> {
  await small();
  return { smallBytes: await allocatedBytes(small), largeBytes: await allocatedBytes(large) };
}

export function isLinearMemory({ smallBytes, largeBytes }: Allocations): boolean {
  return largeBytes <= mostRatio * (smallBytes + fixedBytes);
}

/** Mean distance of samples. A body that matters allocates megabytes. */
const samplingIntervalBytes = 4096;

/** On the heap of JavaScript by V8's sampling profiler, plus the growth of buffers outside it. */
async function allocatedBytes(run: Run): Promise<number> {
  const session = new Session();
  session.connect();
  try {
    session.post('HeapProfiler.startSampling', {
      samplingInterval: samplingIntervalBytes,
      includeObjectsCollectedByMajorGC: true,
      includeObjectsCollectedByMinorGC: true,
    });
    const { external } = process.memoryUsage();
    await run();
    const grown = process.memoryUsage().external - external;
    return sampledBytes(session) + Math.max(0, grown);
  } finally {
    session.disconnect();
  }
}

/** A session of the same thread answers before `post` returns. */
function sampledBytes(session: Session): number {
  let bytes = Number.NaN;
  session.post('HeapProfiler.stopSampling', (error, result) => {
    if (error === null) bytes = sizeOf(result.profile.head);
  });
  return bytes;
}

function sizeOf({ selfSize, children }: HeapProfiler.SamplingHeapProfileNode): number {
  return children.reduce((sum, child) => sum + sizeOf(child), selfSize);
}
