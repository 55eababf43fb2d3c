/** Faults of resources: processor, memory, disk, connections, queues. */
import { drawChange, effect, type Family, pickService, placeOf, someInstance, told } from '../fault/fault.ts';

/** Something in the container eats the processor, or the machine's neighbour does. */
export const cpu: Family = (stage) => {
  const service = pickService(stage, ['service']);
  if (service === null) return null;
  const instance = someInstance(stage, service, 0.7);
  const cores = 0.75 + 0.25 * stage.random.next();
  return told(stage, {
    services: [service.name],
    instance,
    kinds: ['cpu'],
    effects: [
      effect(
        stage,
        placeOf(service, instance),
        { kind: 'burn', cores, perCallMs: 0 },
        { rampMs: stage.random.int(0, 20_000) },
      ),
    ],
  });
};

/** Memory grows until the collector does little else, and in the end the limit kills the process. */
export const memory: Family = (stage) => {
  const service = pickService(stage, ['service']);
  if (service === null) return null;
  const instance = someInstance(stage, service, 0.6);
  const minutes = 1.5 + 2 * stage.random.next();
  return told(stage, {
    services: [service.name],
    instance,
    kinds: ['memory'],
    effects: [effect(stage, placeOf(service, instance), { kind: 'leak-memory', shareOfLimitPerMinute: 0.5 / minutes })],
  });
};

export const disk: Family = (stage) => {
  const service = pickService(stage, ['database'], ({ sends }) => sends.metrics);
  if (service === null) return null;
  return told(stage, {
    services: [service.name],
    kinds: ['disk'],
    effects: [
      effect(
        stage,
        { service: service.name },
        { kind: 'disk', factor: stage.random.int(25, 120) },
        { rampMs: stage.random.int(0, 30_000) },
      ),
    ],
  });
};

/** Connections are taken and not given back, more often than not since a release. */
export const pool: Family = (stage) => {
  const service = pickService(stage, ['service'], ({ operations }) =>
    operations.some(({ steps }) => steps.some(({ to }) => stage.system.byName.get(to.service)?.role === 'database')),
  );
  if (service === null) return null;
  const change = stage.random.chance(0.5)
    ? drawChange(stage, service, stage.onsetMs - stage.random.int(5_000, 40_000))
    : null;
  return told(stage, {
    services: [service.name],
    kinds: ['pool'],
    changes: change === null ? [] : [change],
    effects: [
      effect(
        stage,
        { service: service.name },
        { kind: 'leak-connections', shareOfPoolPerMinute: 1 + stage.random.next() },
      ),
    ],
  });
};

/** A consumer that hardly gets anything done any more, stuck on a message or a rebalance: the others wait longer and longer. */
export const queue: Family = (stage) => {
  const service = pickService(stage, ['worker']);
  if (service === null) return null;
  const topic = (service.operations[0]?.name ?? '').replace('process ', '');
  return told(stage, {
    services: [service.name, topic],
    kinds: ['queue'],
    effects: [effect(stage, { service: service.name }, { kind: 'slots', factor: 0.0005 * stage.random.next() })],
  });
};
