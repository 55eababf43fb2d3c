/** Faults of resources: processor, memory, disk, connections, queues. */
import {
  createFault,
  drawChange,
  effect,
  type Family,
  maybeOneInstance,
  pickService,
  targetOf,
} from '../fault/fault.ts';

/** Something in the container eats the processor, or the machine's neighbour does. */
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

/** Memory grows until the collector does little else, and in the end the limit kills the process. */
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

/** Connections are excluded and not given back, more often than not since a release. */
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

/** A consumer that hardly gets anything done any more, stuck on a message or a rebalance: the others wait longer and longer. */
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
