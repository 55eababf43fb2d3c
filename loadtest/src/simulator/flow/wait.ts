/**
 * Propagates latency and failures up the call graph: time that an operation waits for its callees, and how often they
 * fail it.
 */
import type { Operation, Step } from '../system/system.ts';
import type { FrameContext } from './frame-context.ts';
import type { Queued } from './queueing.ts';
import { callFailing } from './rates.ts';

export interface Wait {
  readonly ms: number;
  readonly failing: number;
}

/** Over the steps of one call. The callees are already computed. */
export function waitOf(operation: Operation, context: FrameContext): Wait {
  const { operations } = context;
  let ms = 0;
  let fine = 1;
  let longest = 0;
  for (const step of operation.steps) {
    if (step.queue !== null) continue;
    const to = operations.get(step.to);
    const wire = networkOf(step, operation.service, context);
    const failing = 1 - (1 - callFailing(step, to)) * (1 - wire.loss);
    const once =
      step.chance * Math.min(step.timeoutMs, (to?.latencyMs ?? 0) + wire.ms) * (1 + (step.retries > 0 ? failing : 0));
    longest = step.parallel ? Math.max(longest, once) : once;
    ms += step.parallel ? Math.max(0, once - longest) : once;
    if (!step.absorbs) fine *= 1 - step.chance * failing ** (step.retries + 1);
  }
  const pool = poolWait(operation, context);
  return { ms: ms + pool.ms, failing: 1 - fine * (1 - pool.failing) };
}

/** Wait for a database connection, averaged over the instances of the last frame. */
function poolWait({ service, steps }: Operation, { system, last }: FrameContext): Wait {
  const instances = system.byName.get(service)?.instances ?? [];
  const usesPool = steps.some(({ to }) => system.byName.get(to.service)?.role === 'database');
  if (!usesPool || instances.length === 0) return { ms: 0, failing: 0 };
  const pools = instances.map((instance) => last?.instances.get(instance)?.pool);
  const mean = (pick: (pool: Queued) => number): number =>
    pools.reduce((sum, pool) => sum + (pool === undefined ? 0 : pick(pool)), 0) / pools.length;
  return { ms: mean(({ waitMs }) => waitMs), failing: mean(({ rejected }) => rejected) };
}

/** Average latency and loss that the network adds to a call. */
function networkOf(
  { to }: Step,
  caller: string,
  { system, effects, atMs }: FrameContext,
): { ms: number; loss: number } {
  const service = system.byName.get(to.service);
  if (service === undefined) return { ms: 0, loss: 0 };
  const felt = service.instances.flatMap((instance) => effects.at('network', { service, instance, caller, atMs }));
  const count = service.instances.length;
  const refused = service.instances.flatMap((instance) => effects.at('reject', { service, instance, caller, atMs }));
  return {
    ms: 0.5 + felt.reduce((sum, { impairment, size, share }) => sum + impairment.ms * size * share, 0) / count,
    loss:
      (felt.reduce((sum, { impairment, size, share }) => sum + impairment.loss * size * share, 0) +
        refused.reduce((sum, { share }) => sum + share, 0)) /
      count,
  };
}
