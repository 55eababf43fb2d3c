/** Capacities of each instance: sized for the design load, with the headroom of its service. */
import {
  callsPerRequest,
  type Instance,
  type Operation,
  type Service,
  type Step,
  type System,
} from '../system/system.ts';

export interface Capacity {
  readonly cores: number;
  readonly slots: number;
  readonly pool: number;
  readonly memoryShare: number;
}

/** `usualPerMs`: requests from outside per ms, the design load. */
export function sizeCapacities(system: System, usualPerMs: number): Map<Instance, Capacity> {
  const calls = callsPerRequest(system);
  const latency = usualLatencies(system);
  const rate = (operation: Operation): number => (calls.get(operation) ?? 0) * usualPerMs;
  return new Map(
    system.services.flatMap((service) => {
      const share = 1 / service.instances.length;
      const total = (weight: (operation: Operation) => number): number =>
        service.operations.reduce((sum, operation) => sum + rate(operation) * share * weight(operation), 0);
      const capacity = sizeOne(service, {
        cpu: total(({ cpuMs }) => cpuMs),
        busy: total((operation) => latency.get(operation) ?? 0),
        database: total(databaseTime(latency, system)),
      });
      return service.instances.map((instance): [Instance, Capacity] => [instance, capacity]);
    }),
  );
}

/** Average number in use at one instance under the design load. */
interface UsualUse {
  readonly cpu: number;
  readonly busy: number;
  readonly database: number;
}

function sizeOne({ role, usualLoad }: Service, { cpu, busy, database }: UsualUse): Capacity {
  return {
    cores: role === 'external' ? 1e6 : Math.max(0.05, cpu / usualLoad),
    // Threads are cheap, so there are plenty. Consumers are few, because messages can wait.
    slots:
      role === 'worker' ? Math.max(1, Math.ceil(busy / usualLoad)) : Math.max(8, Math.ceil((5 * busy) / usualLoad)),
    pool: Math.max(4, Math.ceil(6 * database)),
    memoryShare: 0.35 + 0.4 * usualLoad,
  };
}

function usualLatencies(system: System): Map<Operation, number> {
  const latency = new Map<Operation, number>();
  for (const { operations } of system.services.toReversed())
    for (const operation of operations)
      latency.set(
        operation,
        ownMs(operation) + operation.steps.reduce((sum, step) => sum + usualWait(step, latency), 0),
      );
  return latency;
}

function ownMs({ cpuMs, idleMs, sigma }: Operation): number {
  // The mean of a log-normal is above its median.
  return (cpuMs + idleMs) * Math.exp((sigma * sigma) / 2);
}

function usualWait({ to, chance, queue }: Step, latency: ReadonlyMap<Operation, number>): number {
  return queue === null ? chance * (latency.get(to) ?? 0) : 1;
}

function databaseTime(latency: ReadonlyMap<Operation, number>, system: System): (operation: Operation) => number {
  return ({ steps }) =>
    steps
      .filter(({ to }) => system.byName.get(to.service)?.role === 'database')
      .reduce((sum, step) => sum + usualWait(step, latency), 0);
}
