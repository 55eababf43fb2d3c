/** Parts that are down, telemetry that is down, and load that nobody planned for. */
import { createFault, effect, type Family, maybeOneInstance, pickService, targetOf } from '../fault/fault.ts';
import type { Instance } from '../system/system.ts';

/** A process that does not come back, or all of a service's. */
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

/** A machine and all that runs on it. */
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

/** A service works, and nobody can see it. */
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

/** More requests than the system was built for: who is slow under it is not at fault. The service that is closest to its limits is over them. */
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
