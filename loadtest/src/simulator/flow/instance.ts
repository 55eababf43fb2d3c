/** Settles one instance: how busy its processor, its slots and its connections are with its share of the calls. */
import type { Look } from '../fault/effect.ts';
import type { Instance, Operation, Service } from '../system/system.ts';
import type { Capacity } from './capacity.ts';
import { burntMs, diskFactor, slowedMs } from './effect-sums.ts';
import { type Frame, frameMs, type InstanceFrame } from './frame.ts';
import type { Life } from './liveness.ts';
import { poolOf } from './pool.ts';
import { type Settling, sumOver } from './frame-context.ts';
import { type Queued, queueUp, stretchAt } from './queueing.ts';
import type { Wait } from './wait.ts';

export interface InstanceInput {
  readonly service: Service;
  readonly instance: Instance;
  readonly alive: Life;
  /** Of the service's calls. */
  readonly share: number;
  readonly waits: ReadonlyMap<Operation, Wait>;
}

export function settleInstance(input: InstanceInput, settling: Settling): InstanceFrame {
  const { service, instance, share, alive } = input;
  const { atMs, capacities, effects, last } = settling;
  const look = { service, instance, atMs };
  const capacity = capacities.get(instance) as Capacity;
  const burnt = effects
    .at('burn', look)
    .reduce((sum, { physics, size }) => sum + physics.cores * capacity.cores * size, 0);
  const perCallMs = burntMs(effects, look);
  const cpuMs = sumOver(service, settling, (operation) => operation.cpuMs + perCallMs) * share;
  const utilisation = alive.isUp ? (cpuMs + burnt) / capacity.cores : 0;
  const stretch = stretchAt(utilisation) * crowding(instance, last) * collecting(alive.memoryShare);
  const disk = diskFactor(effects, look);
  const callsPerMs = sumOver(service, settling, () => 1) * share;
  return {
    ...alive,
    callsPerMs,
    coresUsed: alive.isUp ? Math.min(capacity.cores, cpuMs + burnt) : 0,
    utilisation: Math.min(1, utilisation),
    stretch,
    queue: queueOf(input, settling, { stretch, disk, callsPerMs }),
    ...poolOf({ service, instance, callsPerMs }, settling),
    diskBusy: Math.min(0.99, 0.08 * disk * (0.5 + utilisation)),
  };
}

/** Calls in work, and those that wait for a slot. */
function queueOf(
  { service, instance, waits }: InstanceInput,
  settling: Settling,
  { stretch, disk, callsPerMs }: { stretch: number; disk: number; callsPerMs: number },
): Queued {
  const look = { service, instance, atMs: settling.atMs };
  const slow = slowedMs(settling.effects, look);
  const total = sumOver(service, settling, () => 1);
  const holds = sumOver(
    service,
    settling,
    (operation) => operation.cpuMs * stretch + operation.idleMs * disk + slow + (waits.get(operation)?.ms ?? 0),
  );
  return queueUp(
    {
      slots: service.role === 'external' ? 1e6 : slotsOf(look, settling),
      arrivalsPerMs: callsPerMs,
      holdMs: total === 0 ? 0 : holds / total,
      stepMs: frameMs,
      maxWaitMs: service.role === 'worker' ? Infinity : 4000,
    },
    settling.last?.instances.get(instance)?.queue.backlog ?? 0,
  );
}

function slotsOf(look: Look, { capacities, effects }: Settling): number {
  const { slots } = capacities.get(look.instance) as Capacity;
  const fewer = effects
    .at('slots', look)
    .reduce((all, { physics, size }) => all * (1 - (1 - physics.factor) * size), 1);
  return slots * fewer;
}

/** Neighbours on a full node take time from each other. */
function crowding({ node }: Instance, last: Frame | null): number {
  return stretchAt((last?.nodeCores.get(node.name) ?? 0) / node.cores);
}

/** Garbage collection gets busy when little memory is left. */
function collecting(memoryShare: number): number {
  return 1 + Math.max(0, memoryShare - 0.85) * 15;
}
