/**
 * Whether cost is linear in size: what one large body costs, beside four small ones with as many bytes. A ratio, because
 * absolute times depend on the machine.
 */

/** Linear cost gives 1, quadratic cost 4. */
const mostRatio = 2;
/** Below this, what a request costs whatever its size decides. */
const fixedMs = 2;
/** Other work on the machine only adds to a run, so the least of several runs counts. Runs go on while the ratio is too large. */
const mostRuns = 12;
const leastRuns = 3;

/** Processor time, ms. */
export interface Costs {
  readonly smallMs: number;
  readonly largeMs: number;
}

type Run = () => unknown;

/** The least costs of four small bodies and of one large one. */
export async function leastCosts(small: Run, large: Run): Promise<Costs> {
  let costs: Costs = { smallMs: Number.POSITIVE_INFINITY, largeMs: Number.POSITIVE_INFINITY };
  for (let run = 1; run <= mostRuns; run++) {
    costs = {
      smallMs: Math.min(costs.smallMs, await processorMs(small)),
      largeMs: Math.min(costs.largeMs, await processorMs(large)),
    };
    if (run >= leastRuns && isLinear(costs)) break;
  }
  return costs;
}

export function isLinear({ smallMs, largeMs }: Costs): boolean {
  return largeMs <= mostRatio * (smallMs + fixedMs);
}

async function processorMs(run: Run): Promise<number> {
  const begin = process.threadCpuUsage();
  await run();
  const { user, system } = process.threadCpuUsage(begin);
  return (user + system) / 1000;
}
