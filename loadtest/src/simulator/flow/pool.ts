/** Database connection pools: connections in use, and calls that wait for one. */
import type { Instance, Operation, Service } from '../system/system.ts';
import type { Capacity } from './capacity.ts';
import { frameMs, type InstanceFrame } from './frame.ts';
import { type FrameContext, sumOver } from './frame-context.ts';
import { queueUp } from './queueing.ts';

interface PoolInput {
  readonly service: Service;
  readonly instance: Instance;
  readonly callsPerMs: number;
}

export function poolOf(
  { service, instance, callsPerMs }: PoolInput,
  context: FrameContext,
): Pick<InstanceFrame, 'pool' | 'poolSize'> {
  const { atMs, capacities, effects, last } = context;
  const { pool: size } = capacities.get(instance) as Capacity;
  const leaked = effects
    .at('leak-connections', { service, instance, atMs })
    .reduce(
      (sum, { impairment, fromMs }) => sum + (size * impairment.shareOfPoolPerMinute * (atMs - fromMs)) / 60_000,
      0,
    );
  const total = sumOver(service, context, () => 1);
  const perCall = sumOver(service, context, (operation) => databaseMs(operation, context)) / Math.max(total, 1e-12);
  const pool = queueUp(
    {
      slots: Math.max(0.005, size - leaked),
      arrivalsPerMs: perCall > 0 ? callsPerMs : 0,
      holdMs: perCall,
      stepMs: frameMs,
      maxWaitMs: 3000,
    },
    last?.instances.get(instance)?.pool.backlog ?? 0,
  );
  return { pool: { ...pool, busy: Math.min(size, pool.busy + Math.min(leaked, size)) }, poolSize: size };
}

/** Time that a call holds a connection. */
function databaseMs({ steps }: Operation, { system, operations }: FrameContext): number {
  return steps
    .filter(({ to }) => system.byName.get(to.service)?.role === 'database')
    .reduce((sum, { to, chance }) => sum + chance * (operations.get(to)?.latencyMs ?? 0), 0);
}
