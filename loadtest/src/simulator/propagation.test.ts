/** Faults must spread up to waiting callers, not down to callees, and not past callers with a fallback. */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random/random.ts';
import { type Effect, type Impairment, indexEffects, type Target } from './fault/effect.ts';
import { simulateFlow } from './flow/flow.ts';
import { drawSystem } from './system/draw-system.ts';
import type { Operation, Service, System } from './system/system.ts';
import type { SentSpan } from './telemetry/telemetry.ts';
import { generateTrace } from './traces/generate-trace.ts';

const minute = 60_000;
const onsetMs = 5 * minute;

const operation = (service: string, steps: Operation['steps'] = []): Operation => ({
  service,
  name: `${service}/do`,
  cpuMs: 2,
  idleMs: 1,
  sigma: 0.3,
  usualErrors: 0,
  line: '',
  steps,
});

const step = (to: Operation, more: Partial<Operation['steps'][number]> = {}) => ({
  to,
  chance: 1,
  timeoutMs: 1000,
  retries: 0,
  absorbs: false,
  queue: null,
  parallel: false,
  ...more,
});

const node = { name: 'n1', zone: 'z', cores: 64, otherCores: 1 };

function service(name: string, own: Operation, more: Partial<Service> = {}): Service {
  const instances = [0, 1].map((i) => ({ name: `${name}-${i}`, node, cluster: 'c' }));
  const sends = { spans: true, logs: true, metrics: true };
  const plain = {
    role: 'service',
    team: '',
    version: '1.0.0',
    engine: '',
    usualLoad: 0.3,
    slots: 8,
    pool: 5,
    memoryLimitBytes: 1e8,
  } as const;
  return { name, operations: [own], instances, sends, ...plain, ...more };
}

/** gate -> middle -> { base, side }. The middle service has a fallback for side. */
function chain(): System {
  const base = operation('base');
  const side = operation('side');
  const middle = operation('middle', [step(base), step(side, { absorbs: true })]);
  const gate = operation('gate', [step(middle)]);
  const services = [
    service('gate', gate, { role: 'gateway' }),
    service('middle', middle),
    service('base', base),
    service('side', side),
  ];
  return {
    nodes: [node],
    services,
    byName: new Map(services.map((one) => [one.name, one])),
    entries: [{ operation: gate, weight: 1 }],
  };
}

function play(impairment: Impairment, target: Target, share = 1): { before: SentSpan[]; during: SentSpan[] } {
  const system = chain();
  const effect: Effect = { fromMs: onsetMs, toMs: Number.POSITIVE_INFINITY, rampMs: 0, target, share, impairment };
  const effects = indexEffects([effect], system);
  const usualPerMs = 0.02;
  const flow = simulateFlow({
    system,
    effects,
    usualPerMs,
    requestsPerMs: () => usualPerMs,
    fromMs: 0,
    toMs: 10 * minute,
  });
  const spans: SentSpan[] = [];
  const random = createRandom(7);
  const options = {
    system,
    effects,
    flow,
    changes: [],
    random,
    emitSpan: (span: SentSpan) => spans.push(span),
    emitLog: () => undefined,
  };
  const [entry] = system.entries;
  for (let atMs = 0; entry !== undefined && atMs < 10 * minute; atMs += 300)
    generateTrace(options, entry.operation, atMs);
  return {
    before: spans.filter(({ startMs }) => startMs < onsetMs - 5000),
    during: spans.filter(({ startMs }) => startMs >= onsetMs),
  };
}

const served = (spans: readonly SentSpan[], name: string): SentSpan[] =>
  spans.filter(({ sender, kind }) => kind === 'server' && sender.service === name);

function median(spans: readonly SentSpan[]): number {
  const sorted = spans.map(({ startMs, endMs }) => endMs - startMs).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const failing = (spans: readonly SentSpan[]): number => spans.filter(({ failed }) => failed).length / spans.length;

describe('a slow service', () => {
  const { before, during } = play({ kind: 'slow', ms: 200 }, { service: 'base' });

  it('slows its direct and indirect callers, and no sibling', () => {
    for (const name of ['gate', 'middle', 'base']) expect(median(served(during, name))).toBeGreaterThan(150);
    expect(median(served(during, 'side'))).toBeLessThan(2 * median(served(before, 'side')));
  });
});

describe('a failing service', () => {
  const broken = { kind: 'fail', line: 'broken', after: 0 } as const;

  it('makes its callers fail as often as it fails', () => {
    const { before, during } = play(broken, { service: 'base' }, 0.4);
    expect(failing(served(before, 'gate'))).toBe(0);
    for (const name of ['gate', 'middle', 'base']) expect(failing(served(during, name))).toBeCloseTo(0.4, 1);
  });

  it('does not fail a caller with a fallback', () => {
    const { during } = play(broken, { service: 'side' });
    expect(failing(served(during, 'side'))).toBe(1);
    expect(failing(served(during, 'middle'))).toBe(0);
  });
});

describe('a slow network', () => {
  const { during } = play({ kind: 'network', ms: 300, loss: 0 }, { service: 'base', caller: 'middle' });

  it('shows at the client and not at the server', () => {
    const client = during.filter(
      ({ kind, sender, name }) => kind === 'client' && sender.service === 'middle' && name === 'base/do',
    );
    expect(median(client)).toBeGreaterThan(250);
    expect(median(served(during, 'base'))).toBeLessThan(20);
  });
});

it('a service that is down fails its callers and sends nothing', () => {
  const { during } = play({ kind: 'down', connection: 'refused' }, { service: 'base' });
  expect(served(during, 'base')).toEqual([]);
  expect(failing(served(during, 'gate'))).toBe(1);
});

it('an instance that is down leaves the rotation after a while', () => {
  const { during } = play({ kind: 'down', connection: 'refused' }, { service: 'base', instance: 'base-0' });
  const early = during.filter(({ startMs }) => startMs < onsetMs + 15_000);
  const late = during.filter(({ startMs }) => startMs > onsetMs + 30_000);
  expect(failing(served(early, 'gate'))).toBeGreaterThan(0.2);
  expect(failing(served(late, 'gate'))).toBe(0);
});

it('rejected credentials fail the caller and leave the callee idle', () => {
  const { during } = play({ kind: 'reject', line: 'expired' }, { service: 'base', caller: 'middle' });
  expect(served(during, 'base')).toEqual([]);
  expect(failing(served(during, 'middle'))).toBe(1);
});

it('a busy processor slows its own calls', () => {
  const { before, during } = play({ kind: 'cpu', cores: 0.9, perCallMs: 0 }, { service: 'base' });
  expect(median(served(during, 'base'))).toBeGreaterThan(5 * median(served(before, 'base')));
});

it('every service but the gateways has a caller', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const system = drawSystem(createRandom(seed));
    const called = new Set(
      system.services.flatMap(({ operations }) => operations.flatMap(({ steps }) => steps.map(({ to }) => to.service))),
    );
    for (const { name, role } of system.services)
      expect(called.has(name) || role === 'gateway', `${name} of seed ${seed}`).toBe(true);
  }
});
