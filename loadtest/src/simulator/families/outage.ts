/** Instances, nodes and zones that are down, missing telemetry, and a surge of traffic. */
import { createFault, effect, type Family, maybeOneInstance, pickService, targetOf } from '../fault/fault.ts';
import type { Instance } from '../system/system.ts';

/** One instance, or all instances of a service, stop and do not restart. */
export const down: Family = (context) => {
  const service = pickService(context, ['service', 'database', 'cache']);
  if (service === null) return null;
  const instance = maybeOneInstance(context, service, 0.3);
  return createFault(context, {
    services: [service.name],
    instance,
    kinds: ['down'],
    effects: [effect(context, targetOf(service, instance), { kind: 'down', connection: 'refused' })],
  });
};

/** A node with all instances on it. */
export const node: Family = (context) => {
  const { system, random } = context;
  const hosted = (name: string): Instance[] =>
    system.services.flatMap(({ instances }) => instances.filter((instance) => instance.node.name === name));
  const full = system.nodes.filter(({ name }) => hosted(name).length >= 4);
  if (full.length === 0) return null;
  const { name } = random.pick(full);
  return createFault(context, {
    services: [name],
    kinds: ['node'],
    effects: [effect(context, { node: name }, { kind: 'down', connection: 'timeout' })],
  });
};

export const zone: Family = (context) => {
  const zones = [...new Set(context.system.nodes.map((one) => one.zone))];
  const name = context.random.pick(zones);
  return createFault(context, {
    services: [name],
    kinds: ['zone'],
    effects: [effect(context, { zone: name }, { kind: 'down', connection: 'timeout' })],
  });
};

/** A service works, but none of its telemetry arrives. */
export const blackout: Family = (context) => {
  const service = pickService(context, ['service'], ({ sends }) => sends.metrics);
  if (service === null) return null;
  return createFault(context, {
    services: [service.name],
    kinds: ['blind'],
    effects: [
      effect(context, { service: service.name }, { kind: 'drop-telemetry', signals: ['spans', 'logs', 'metrics'] }),
    ],
  });
};

/**
 * Traffic above capacity. The slow services are not at fault. The factor overloads the service with the least headroom.
 */
export const traffic: Family = (context) => {
  const { system, random } = context;
  const doors = system.services.filter(({ role }) => role === 'gateway').map(({ name }) => name);
  const tightest = Math.max(
    ...system.services.filter(({ role }) => role !== 'external').map(({ usualLoad }) => usualLoad),
  );
  const factor = Math.min(12, Math.max(3, (2 + random.next()) / tightest));
  return createFault(context, {
    services: doors,
    kinds: ['traffic'],
    effects: [effect(context, {}, { kind: 'traffic', factor }, { rampMs: random.int(0, 30_000) })],
  });
};
