/** Parts that are gone, telemetry that is gone, and load that nobody planned for. */
import { effect, type Family, pickService, placeOf, someInstance, told } from '../fault/fault.ts';
import type { Instance } from '../system/system.ts';

/** A process that does not come back, or all of a service's. */
export const down: Family = (stage) => {
  const service = pickService(stage, ['service', 'database', 'cache']);
  if (service === null) return null;
  const instance = someInstance(stage, service, 0.3);
  return told(stage, {
    services: [service.name],
    instance,
    kinds: ['down'],
    effects: [effect(stage, placeOf(service, instance), { kind: 'gone', answers: 'refused' })],
  });
};

/** A machine and all that runs on it. */
export const node: Family = (stage) => {
  const { system, random } = stage;
  const hosted = (name: string): Instance[] =>
    system.services.flatMap(({ instances }) => instances.filter((instance) => instance.node.name === name));
  const full = system.nodes.filter(({ name }) => hosted(name).length >= 4);
  if (full.length === 0) return null;
  const { name } = random.pick(full);
  return told(stage, {
    services: [name],
    kinds: ['node'],
    effects: [effect(stage, { node: name }, { kind: 'gone', answers: 'nothing' })],
  });
};

export const zone: Family = (stage) => {
  const zones = [...new Set(stage.system.nodes.map((one) => one.zone))];
  const name = stage.random.pick(zones);
  return told(stage, {
    services: [name],
    kinds: ['zone'],
    effects: [effect(stage, { zone: name }, { kind: 'gone', answers: 'nothing' })],
  });
};

/** A service works, and nobody can see it. */
export const blackout: Family = (stage) => {
  const service = pickService(stage, ['service'], ({ sends }) => sends.metrics);
  if (service === null) return null;
  return told(stage, {
    services: [service.name],
    kinds: ['blind'],
    effects: [effect(stage, { service: service.name }, { kind: 'mute', signals: ['spans', 'logs', 'metrics'] })],
  });
};

/** More requests than the system was built for: who is slow under it is not at fault. The service that is closest to its limits is over them. */
export const traffic: Family = (stage) => {
  const { system, random } = stage;
  const doors = system.services.filter(({ role }) => role === 'gateway').map(({ name }) => name);
  const tightest = Math.max(
    ...system.services.filter(({ role }) => role !== 'external').map(({ usualLoad }) => usualLoad),
  );
  const factor = Math.min(12, Math.max(3, (2 + random.next()) / tightest));
  return told(stage, {
    services: doors,
    kinds: ['traffic'],
    effects: [effect(stage, {}, { kind: 'traffic', factor }, { rampMs: random.int(0, 30_000) })],
  });
};
