/** Faults of code and configuration, most of them after a change. */
import type { Impairment } from '../fault/effect.ts';
import {
  createFault,
  drawChange,
  effect,
  type Family,
  type FaultContext,
  pickService,
  targetOf,
} from '../fault/fault.ts';
import type { Service } from '../system/system.ts';

const mistakes = [
  'NullPointerException: cannot read price of item #',
  'IllegalStateException: cart # has no owner',
  'KeyError: missing field discount in record #',
  'panic: index out of range [#] with length #',
  'TypeError: undefined is not a function in rule #',
];

/** A release makes part of the calls fail. Some releases are canaries. */
export const error: Family = (context) => {
  const service = pickService(context, ['service']);
  if (service === null) return null;
  const impairment = {
    kind: 'fail',
    line: context.random.pick(mistakes),
    after: context.random.pick([0, 0.5, 1]),
  } as const;
  return release(context, service, { impairment, kinds: ['code', 'error'], canary: drawIsCanary(context, service) });
};

export const latency: Family = (context) => {
  const service = pickService(context, ['service']);
  if (service === null) return null;
  const { random } = context;
  const busy = random.chance(0.4);
  const impairment: Impairment = busy
    ? { kind: 'cpu', cores: 0, perCallMs: random.int(20, 60) }
    : { kind: 'slow', ms: random.int(60, 500) };
  const kinds = busy ? ['code', 'latency', 'cpu'] : ['code', 'latency'];
  return release(context, service, { impairment, kinds, canary: drawIsCanary(context, service) });
};

/** A canary whose new code fails, is slow or needs more CPU. */
export const canary: Family = (context) => {
  const service = pickService(context, ['service'], ({ instances }) => instances.length > 1);
  if (service === null) return null;
  const { random } = context;
  const [impairment, kinds] = random.pick<readonly [Impairment, readonly string[]]>([
    [{ kind: 'fail', line: random.pick(mistakes), after: random.pick([0, 0.5, 1]) }, ['code', 'error']],
    [{ kind: 'slow', ms: random.int(150, 800) }, ['code', 'latency']],
    [{ kind: 'cpu', cores: 0.3, perCallMs: random.int(30, 80) }, ['code', 'latency', 'cpu']],
  ]);
  return release(context, service, { impairment, kinds, canary: true });
};

function drawIsCanary({ random }: FaultContext, { instances }: Service): boolean {
  return instances.length > 1 && random.chance(0.3);
}

interface BadRelease {
  readonly impairment: Impairment;
  readonly kinds: readonly string[];
  /** Only the first instance gets the new version. */
  readonly canary: boolean;
}

function release(context: FaultContext, service: Service, { impairment, kinds, canary }: BadRelease) {
  const { random } = context;
  const change = drawChange(context, service, context.onsetMs - random.int(0, 15_000), { canary });
  const instance = canary ? 0 : null;
  const [operation] = service.operations;
  const one =
    service.operations.length > 1 && random.chance(0.4) && operation !== undefined ? { operation: operation.name } : {};
  return createFault(context, {
    instance,
    kinds,
    services: [service.name],
    changes: [change],
    effects: [
      effect(context, { ...targetOf(service, instance), ...one }, impairment, { share: 0.3 + 0.7 * random.next() }),
    ],
  });
}

/** Part of the calls get slow without a release, as after unexpected data, a lock or another query plan. */
export const partial: Family = (context) => {
  const service = pickService(context, ['service']);
  if (service === null) return null;
  const { random } = context;
  return createFault(context, {
    services: [service.name],
    kinds: ['latency', 'code'],
    effects: [
      effect(
        context,
        { service: service.name },
        { kind: 'slow', ms: random.int(500, 1500) },
        { share: 0.1 + 0.1 * random.next() },
      ),
    ],
  });
};

const settings: readonly Impairment[] = [
  { kind: 'slow', ms: 800 },
  { kind: 'fail', line: 'invalid configuration: unknown region eu-#', after: 0 },
  { kind: 'fail', line: 'feature flag # has no variant', after: 0.5 },
  { kind: 'slow', ms: 300 },
];

export const config: Family = (context) => {
  const service = pickService(context, ['service']);
  if (service === null) return null;
  const { random } = context;
  const change = drawChange(context, service, context.onsetMs - random.int(0, 10_000), { kind: 'config' });
  return createFault(context, {
    services: [service.name],
    kinds: ['config'],
    changes: [change],
    effects: [effect(context, { service: service.name }, random.pick(settings), { share: 0.4 + 0.6 * random.next() })],
  });
};
