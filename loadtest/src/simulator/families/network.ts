/** Faults between services: the wire, names, credentials, and what belongs to somebody else. */
import { drawChange, effect, type Family, pickCaller, pickService, placeOf, someInstance, told } from '../fault/fault.ts';
import { callersOf } from '../system/system.ts';

/** The way to a service, or to one instance of it, is slow or loses packets. */
export const network: Family = (stage) => {
  const service = pickService(stage, ['service']);
  if (service === null) return null;
  const { random } = stage;
  const instance = someInstance(stage, service, 0.4);
  const physics = {
    kind: 'wire',
    ms: random.int(60, 400),
    loss: random.chance(0.4) ? 0.3 * random.next() : 0,
  } as const;
  return told(stage, {
    services: [service.name],
    instance,
    kinds: ['network'],
    effects: [effect(stage, placeOf(service, instance), physics, { share: random.chance(0.3) ? 0.4 : 1 })],
  });
};

/** The way from one caller to one callee: either end may be named. */
export const edge: Family = (stage) => {
  const service = pickService(stage, ['service']);
  const caller = service === null ? null : pickCaller(stage, service);
  if (service === null || caller === null) return null;
  const place = { service: service.name, caller: caller.name };
  return told(stage, {
    services: [service.name, caller.name],
    kinds: ['network'],
    effects: [effect(stage, place, { kind: 'wire', ms: stage.random.int(100, 500), loss: 0.1 * stage.random.next() })],
  });
};

/** A service that looks names up in the wrong place waits for answers, or gets none. */
export const dns: Family = (stage) => {
  const service = pickService(stage, ['service'], ({ operations }) =>
    operations.some(({ steps }) => steps.some(({ queue }) => queue === null)),
  );
  if (service === null) return null;
  const { random } = stage;
  const change = random.chance(0.4)
    ? drawChange(stage, service, stage.onsetMs - random.int(2_000, 20_000), { kind: 'config' })
    : null;
  return told(stage, {
    services: [service.name],
    kinds: ['dns'],
    changes: change === null ? [] : [change],
    effects: [
      effect(
        stage,
        { service: service.name },
        { kind: 'resolve', ms: random.int(100, 400), failing: random.pick([0.6, 1]) },
        { share: 0.5 + 0.5 * random.next() },
      ),
    ],
  });
};

const rejections = [
  { line: 'authentication failed: credential expired', status: '401' },
  { line: 'password authentication failed for user app', status: '401' },
  { line: 'tls: certificate has expired or is not yet valid', status: '' },
];

/** What a service shows at a door is no longer accepted there; every call of its is turned away from one second to the next. */
export const credential: Family = (stage) => {
  const callee = pickService(stage, ['service', 'database', 'external']);
  const caller = callee === null ? null : pickCaller(stage, callee);
  if (callee === null || caller === null) return null;
  return told(stage, {
    services: [caller.name],
    kinds: ['credential'],
    effects: [
      effect(
        stage,
        { service: callee.name, caller: caller.name },
        { kind: 'refuse', ...stage.random.pick(rejections) },
      ),
    ],
  });
};

export const external: Family = (stage) => {
  const service = pickService(stage, ['external']);
  if (service === null) return null;
  const { random } = stage;
  const physics = random.chance(0.5)
    ? ({ kind: 'slow', ms: random.int(300, 1500) } as const)
    : ({ kind: 'fail', line: 'service unavailable', after: 0 } as const);
  return told(stage, {
    services: [service.name],
    kinds: ['dependency'],
    effects: [effect(stage, { service: service.name }, physics, { share: 0.3 + 0.7 * random.next() })],
  });
};

/** A database without telemetry and alerts of its own: only its callers know. */
export const silentHop: Family = (stage) => {
  const service = pickService(stage, ['database', 'cache'], ({ sends }) => !sends.metrics);
  if (service === null) return null;
  const { random } = stage;
  return told(stage, {
    services: [service.name],
    kinds: ['latency', 'dependency'],
    effects: [
      effect(
        stage,
        { service: service.name },
        { kind: 'slow', ms: random.int(40, 400) },
        { share: 0.4 + 0.6 * random.next(), rampMs: random.int(0, 20_000) },
      ),
    ],
  });
};

/** The same, three hops away from whom it hurts, and since a release of the service that uses it. */
export const migration: Family = (stage) => {
  const { system, random } = stage;
  const database = pickService(stage, ['database'], ({ name }) =>
    callersOf(system, name).every(({ role }) => role === 'service'),
  );
  const owner = database === null ? null : pickCaller(stage, database);
  if (database === null || owner === null) return null;
  return told(stage, {
    services: [database.name],
    kinds: ['latency', 'dependency'],
    changes: [drawChange(stage, owner, stage.onsetMs - random.int(5_000, 25_000))],
    effects: [
      effect(
        stage,
        { service: database.name },
        { kind: 'slow', ms: random.int(150, 400) },
        { share: 0.7 + 0.3 * random.next() },
      ),
    ],
  });
};
