/** Settles one service: its instances, and from them what its callers see of each operation. */
import type { Look } from '../fault/effect.ts';
import type { Instance, Operation, Service } from '../system/system.ts';
import { burntMs, diskFactor, slowedMs } from './effect-sums.ts';
import type { InstanceFrame, OperationFrame } from './frame.ts';
import { settleInstance } from './instance.ts';
import { type Life, lifeOf } from './liveness.ts';
import type { Settling } from './frame-context.ts';
import { type Wait, waitOf } from './wait.ts';

export function settleService(service: Service, settling: Settling): void {
  const { rates, instances, operations } = settling;
  const life = new Map(service.instances.map((instance) => [instance, lifeOf(service, instance, settling)]));
  const takers = service.instances.filter((instance) => life.get(instance)?.inRotation);
  const waits = new Map(service.operations.map((operation) => [operation, waitOf(operation, settling)]));
  for (const instance of service.instances) {
    const share = takers.includes(instance) ? 1 / takers.length : 0;
    const alive = life.get(instance) as Life;
    instances.set(instance, settleInstance({ service, instance, alive, share, waits }, settling));
  }
  for (const operation of service.operations) {
    const wait = waits.get(operation) ?? { ms: 0, failing: 0 };
    const seen = takers.map((instance) => seenAt({ service, instance, operation }, wait, settling));
    operations.set(operation, { callsPerMs: rates.get(operation) ?? 0, ...meanOf(seen, wait) });
  }
}

type Seen = Pick<OperationFrame, 'latencyMs' | 'failing'>;

/** Where nobody takes calls they all fail, and soon. */
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
  { atMs, effects, instances }: Settling,
): Seen {
  const look: Look = { service, instance, operation, atMs };
  const frame = instances.get(instance) as InstanceFrame;
  if (!frame.isUp) return { latencyMs: 3, failing: 1 };
  const cpuMs = operation.cpuMs + burntMs(effects, look);
  const own = cpuMs * frame.stretch + operation.idleMs * diskFactor(effects, look) + slowedMs(effects, look);
  const fine = effects
    .at('fail', look)
    .reduce((left, { size, share }) => left * (1 - size * share), 1 - operation.usualErrors);
  return { latencyMs: frame.queue.waitMs + own + wait.ms, failing: 1 - fine * (1 - frame.queue.rejected) };
}
