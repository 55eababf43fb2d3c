/** Computes one service: its instances, and what callers see of each operation. */
import type { CallSite } from '../fault/effect.ts';
import type { Instance, Operation, Service } from '../system/system.ts';
import { addedCpuMs, addedWaitMs, diskFactor } from './effect-sums.ts';
import type { InstanceFrame, OperationFrame } from './frame.ts';
import type { FrameContext } from './frame-context.ts';
import { computeInstance } from './instance.ts';
import { type Liveness, livenessOf } from './liveness.ts';
import { type Wait, waitOf } from './wait.ts';

export function computeService(service: Service, context: FrameContext): void {
  const { rates, instances, operations } = context;
  const livenessByInstance = new Map(
    service.instances.map((instance) => [instance, livenessOf(service, instance, context)]),
  );
  const inRotation = service.instances.filter((instance) => livenessByInstance.get(instance)?.inRotation);
  const waits = new Map(service.operations.map((operation) => [operation, waitOf(operation, context)]));
  for (const instance of service.instances) {
    const share = inRotation.includes(instance) ? 1 / inRotation.length : 0;
    const liveness = livenessByInstance.get(instance) as Liveness;
    instances.set(instance, computeInstance({ service, instance, liveness, share, waits }, context));
  }
  for (const operation of service.operations) {
    const wait = waits.get(operation) ?? { ms: 0, failing: 0 };
    const seen = inRotation.map((instance) => seenAt({ service, instance, operation }, wait, context));
    operations.set(operation, { callsPerMs: rates.get(operation) ?? 0, ...meanOf(seen, wait) });
  }
}

type Seen = Pick<OperationFrame, 'latencyMs' | 'failing'>;

/** With no instance in rotation, all calls fail fast. */
function meanOf(seen: readonly Seen[], wait: Wait): Seen {
  if (seen.length === 0) return { latencyMs: 5, failing: 1 };
  const mean = (pick: (one: Seen) => number): number => seen.reduce((sum, one) => sum + pick(one), 0) / seen.length;
  return {
    latencyMs: mean(({ latencyMs }) => latencyMs),
    failing: 1 - (1 - mean(({ failing }) => failing)) * (1 - wait.failing),
  };
}

/** What callers see of an operation at one instance. */
function seenAt(
  { service, instance, operation }: { service: Service; instance: Instance; operation: Operation },
  wait: Wait,
  { atMs, effects, instances }: FrameContext,
): Seen {
  const site: CallSite = { service, instance, operation, atMs };
  const frame = instances.get(instance) as InstanceFrame;
  if (!frame.isUp) return { latencyMs: 3, failing: 1 };
  const cpuMs = operation.cpuMs + addedCpuMs(effects, site);
  const own = cpuMs * frame.stretch + operation.idleMs * diskFactor(effects, site) + addedWaitMs(effects, site);
  const fine = effects
    .at('fail', site)
    .reduce((left, { size, share }) => left * (1 - size * share), 1 - operation.usualErrors);
  return { latencyMs: frame.queue.waitMs + own + wait.ms, failing: 1 - fine * (1 - frame.queue.rejected) };
}
