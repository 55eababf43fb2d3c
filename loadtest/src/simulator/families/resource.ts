/** Faults of resources: CPU, memory, disk, connections, queues. */
import {
  createFault,
  drawChange,
  effect,
  type Family,
  maybeOneInstance,
  pickService,
  targetOf,
} from '../fault/fault.ts';

/** A process in the container, or a neighbour on the node, uses the CPU. */
export const cpu: Family = (context) => {
  const service = pickService(context, ['service']);
  if (service === null) return null;
  const instance = maybeOneInstance(context, service, 0.7);
  const cores = 0.75 + 0.25 * context.random.next();
  return createFault(context, {
    services: [service.name],
    instance,
    kinds: ['cpu'],
    effects: [
      effect(
        context,
        targetOf(service, instance),
        { kind: 'cpu', cores, perCallMs: 0 },
        { rampMs: context.random.int(0, 20_000) },
      ),
    ],
  });
};

/** Memory grows: first garbage collection takes most of the time, then the process is killed at its limit. */
export const memory: Family = (context) => {
  const service = pickService(context, ['service']);
  if (service === null) return null;
  const instance = maybeOneInstance(context, service, 0.6);
  const minutes = 1.5 + 2 * context.random.next();
  return createFault(context, {
    services: [service.name],
    instance,
    kinds: ['memory'],
    effects: [
      effect(context, targetOf(service, instance), { kind: 'leak-memory', shareOfLimitPerMinute: 0.5 / minutes }),
    ],
  });
};

export const disk: Family = (context) => {
  const service = pickService(context, ['database'], ({ sends }) => sends.metrics);
  if (service === null) return null;
  return createFault(context, {
    services: [service.name],
    kinds: ['disk'],
    effects: [
      effect(
        context,
        { service: service.name },
        { kind: 'disk', factor: context.random.int(25, 120) },
        { rampMs: context.random.int(0, 30_000) },
      ),
    ],
  });
};

/** Database connections leak. Half of the time a release comes before it. */
export const pool: Family = (context) => {
  const service = pickService(context, ['service'], ({ operations }) =>
    operations.some(({ steps }) => steps.some(({ to }) => context.system.byName.get(to.service)?.role === 'database')),
  );
  if (service === null) return null;
  const change = context.random.chance(0.5)
    ? drawChange(context, service, context.onsetMs - context.random.int(5_000, 40_000))
    : null;
  return createFault(context, {
    services: [service.name],
    kinds: ['pool'],
    changes: change === null ? [] : [change],
    effects: [
      effect(
        context,
        { service: service.name },
        { kind: 'leak-connections', shareOfPoolPerMinute: 1 + context.random.next() },
      ),
    ],
  });
};

/** A consumer handles almost nothing, as when it is stuck on one message or in a rebalance. Its lag grows. */
export const queue: Family = (context) => {
  const service = pickService(context, ['worker']);
  if (service === null) return null;
  const topic = (service.operations[0]?.name ?? '').replace('process ', '');
  return createFault(context, {
    services: [service.name, topic],
    kinds: ['queue'],
    effects: [
      effect(context, { service: service.name }, { kind: 'concurrency', factor: 0.0005 * context.random.next() }),
    ],
  });
};
