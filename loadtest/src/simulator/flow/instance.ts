/** Computes one instance: its use of CPU, slots and connections under its share of the calls. */
import type { CallSite } from '../fault/effect.ts';
import type { Instance, Operation, Service } from '../system/system.ts';
import type { Capacity } from './capacity.ts';
import { addedCpuMs, addedWaitMs, diskFactor } from './effect-sums.ts';
import { type Frame, frameMs, type InstanceFrame } from './frame.ts';
import { type FrameContext, sumOver } from './frame-context.ts';
import type { Liveness } from './liveness.ts';
import { poolOf } from './pool.ts';
import { type Queued, queueUp, stretchAt } from './queueing.ts';
import type { Wait } from './wait.ts';

interface InstanceInput {
  readonly service: Service;
  readonly instance: Instance;
  readonly liveness: Liveness;
  /** Share of the service's calls. */
  readonly share: number;
  readonly waits: ReadonlyMap<Operation, Wait>;
}

export function computeInstance(input: InstanceInput, context: FrameContext): InstanceFrame {
  const { service, instance, share, liveness } = input;
  const { atMs, capacities, effects, last } = context;
  const site = { service, instance, atMs };
  const capacity = capacities.get(instance) as Capacity;
  const burntCores = effects
    .at('cpu', site)
    .reduce((sum, { impairment, size }) => sum + impairment.cores * capacity.cores * size, 0);
  const perCallMs = addedCpuMs(effects, site);
  const cpuMs = sumOver(service, context, (operation) => operation.cpuMs + perCallMs) * share;
  const utilisation = liveness.isUp ? (cpuMs + burntCores) / capacity.cores : 0;
  const stretch = stretchAt(utilisation) * nodeContention(instance, last) * gcSlowdown(liveness.memoryShare);
  const disk = diskFactor(effects, site);
  const callsPerMs = sumOver(service, context, () => 1) * share;
  return {
    ...liveness,
    callsPerMs,
    coresUsed: liveness.isUp ? Math.min(capacity.cores, cpuMs + burntCores) : 0,
    utilisation: Math.min(1, utilisation),
    stretch,
    queue: queueOf(input, context, { stretch, disk, callsPerMs }),
    ...poolOf({ service, instance, callsPerMs }, context),
    diskBusy: Math.min(0.99, 0.08 * disk * (0.5 + utilisation)),
  };
}

/** Calls in work, and calls that wait for a slot. */
function queueOf(
  { service, instance, waits }: InstanceInput,
  context: FrameContext,
  { stretch, disk, callsPerMs }: { stretch: number; disk: number; callsPerMs: number },
): Queued {
  const site = { service, instance, atMs: context.atMs };
  const slow = addedWaitMs(context.effects, site);
  const total = sumOver(service, context, () => 1);
  const holds = sumOver(
    service,
    context,
    (operation) => operation.cpuMs * stretch + operation.idleMs * disk + slow + (waits.get(operation)?.ms ?? 0),
  );
  return queueUp(
    {
      slots: service.role === 'external' ? 1e6 : slotsOf(site, context),
      arrivalsPerMs: callsPerMs,
      holdMs: total === 0 ? 0 : holds / total,
      stepMs: frameMs,
      maxWaitMs: service.role === 'worker' ? Infinity : 4000,
    },
    context.last?.instances.get(instance)?.queue.backlog ?? 0,
  );
}

function slotsOf(site: CallSite, { capacities, effects }: FrameContext): number {
  const { slots } = capacities.get(site.instance) as Capacity;
  const fewer = effects
    .at('concurrency', site)
    .reduce((all, { impairment, size }) => all * (1 - (1 - impairment.factor) * size), 1);
  return slots * fewer;
}

/** Instances on a busy node take CPU time from each other. */
function nodeContention({ node }: Instance, last: Frame | null): number {
  return stretchAt((last?.nodeCores.get(node.name) ?? 0) / node.cores);
}

/** Garbage collection takes more time when little memory is left. */
function gcSlowdown(memoryShare: number): number {
  return 1 + Math.max(0, memoryShare - 0.85) * 15;
}
