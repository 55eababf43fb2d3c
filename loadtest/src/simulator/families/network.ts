/** Faults between services: network, name resolution, credentials, and dependencies outside the system. */
import {
  createFault,
  drawChange,
  effect,
  type Family,
  maybeOneInstance,
  pickCaller,
  pickService,
  targetOf,
} from '../fault/fault.ts';
import { callersOf } from '../system/system.ts';

/** The network to a service, or to one of its instances, is slow or loses packets. */
export const network: Family = (context) => {
  const service = pickService(context, ['service']);
  if (service === null) return null;
  const { random } = context;
  const instance = maybeOneInstance(context, service, 0.4);
  const impairment = {
    kind: 'network',
    ms: random.int(60, 400),
    loss: random.chance(0.4) ? 0.3 * random.next() : 0,
  } as const;
  return createFault(context, {
    services: [service.name],
    instance,
    kinds: ['network'],
    effects: [effect(context, targetOf(service, instance), impairment, { share: random.chance(0.3) ? 0.4 : 1 })],
  });
};

/** The network between one caller and one callee. Either end counts as the cause. */
export const edge: Family = (context) => {
  const service = pickService(context, ['service']);
  const caller = service === null ? null : pickCaller(context, service);
  if (service === null || caller === null) return null;
  const target = { service: service.name, caller: caller.name };
  return createFault(context, {
    services: [service.name, caller.name],
    kinds: ['network'],
    effects: [
      effect(context, target, { kind: 'network', ms: context.random.int(100, 500), loss: 0.1 * context.random.next() }),
    ],
  });
};

/** Name resolution of one service is slow or fails. */
export const dns: Family = (context) => {
  const service = pickService(context, ['service'], ({ operations }) =>
    operations.some(({ steps }) => steps.some(({ queue }) => queue === null)),
  );
  if (service === null) return null;
  const { random } = context;
  const change = random.chance(0.4)
    ? drawChange(context, service, context.onsetMs - random.int(2_000, 20_000), { kind: 'config' })
    : null;
  return createFault(context, {
    services: [service.name],
    kinds: ['dns'],
    changes: change === null ? [] : [change],
    effects: [
      effect(
        context,
        { service: service.name },
        { kind: 'dns', ms: random.int(100, 400), failing: random.pick([0.6, 1]) },
        { share: 0.5 + 0.5 * random.next() },
      ),
    ],
  });
};

const rejections = [
  'authentication failed: credential expired',
  'password authentication failed for user app',
  'tls: certificate has expired or is not yet valid',
];

/** A callee rejects the credentials of one caller. Every call fails from one second to the next. */
export const credential: Family = (context) => {
  const callee = pickService(context, ['service', 'database', 'external']);
  const caller = callee === null ? null : pickCaller(context, callee);
  if (callee === null || caller === null) return null;
  return createFault(context, {
    services: [caller.name],
    kinds: ['credential'],
    effects: [
      effect(
        context,
        { service: callee.name, caller: caller.name },
        { kind: 'reject', line: context.random.pick(rejections) },
      ),
    ],
  });
};

export const external: Family = (context) => {
  const service = pickService(context, ['external']);
  if (service === null) return null;
  const { random } = context;
  const impairment = random.chance(0.5)
    ? ({ kind: 'slow', ms: random.int(300, 1500) } as const)
    : ({ kind: 'fail', line: 'service unavailable', after: 0 } as const);
  return createFault(context, {
    services: [service.name],
    kinds: ['dependency'],
    effects: [effect(context, { service: service.name }, impairment, { share: 0.3 + 0.7 * random.next() })],
  });
};

/** A slow database without telemetry and alerts: only its callers show it. */
export const uninstrumentedDependency: Family = (context) => {
  const service = pickService(context, ['database', 'cache'], ({ sends }) => !sends.metrics);
  if (service === null) return null;
  const { random } = context;
  return createFault(context, {
    services: [service.name],
    kinds: ['latency', 'dependency'],
    effects: [
      effect(
        context,
        { service: service.name },
        { kind: 'slow', ms: random.int(40, 400) },
        { share: 0.4 + 0.6 * random.next(), rampMs: random.int(0, 20_000) },
      ),
    ],
  });
};

/**
 * Like `uninstrumentedDependency`, but three hops below the symptom, and right after a release of the service that owns
 * the database.
 */
export const migration: Family = (context) => {
  const { system, random } = context;
  const database = pickService(context, ['database'], ({ name }) =>
    callersOf(system, name).every(({ role }) => role === 'service'),
  );
  const owner = database === null ? null : pickCaller(context, database);
  if (database === null || owner === null) return null;
  return createFault(context, {
    services: [database.name],
    kinds: ['latency', 'dependency'],
    changes: [drawChange(context, owner, context.onsetMs - random.int(5_000, 25_000))],
    effects: [
      effect(
        context,
        { service: database.name },
        { kind: 'slow', ms: random.int(150, 400) },
        { share: 0.7 + 0.3 * random.next() },
      ),
    ],
  });
};
