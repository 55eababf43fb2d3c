import { type EdgeRow, emptyEvidenceRows, type PresenceRow } from '@faultline/model';
import { expect, it } from 'vitest';
import type { EvidenceRows } from './evidence.ts';
import { mergeEnvironments } from './merge-environments.ts';

const presence = (service: string): PresenceRow => ({
  service,
  instance: `${service}-1`,
  node: 'n1',
  zone: '',
  lastSpanMs: 1,
  lastMetricMs: 0,
  lastLogMs: 0,
});
const edge = (caller: string, callee: string): EdgeRow => ({
  slice: 0,
  caller,
  callee,
  callerInstance: '',
  calleeInstance: '',
  operation: '',
  source: 'trace',
  calls: 1,
  errors: 0,
  duration: [],
  gap: [],
  lastSeenMs: 1,
});
const part = (environment: string, services: readonly string[], over: Partial<EvidenceRows> = {}) => ({
  environment,
  rows: {
    ...emptyEvidenceRows,
    watermarks: { spans: services.length, logs: 0, metrics: 0 },
    presence: services.map(presence),
    edges: services.map((service) => edge(service, 'db')),
    ...over,
  },
});

it('a service of both carries its environment; the rest, nodes and what sends nothing keep their names', () => {
  const { rows, qualified } = mergeEnvironments([part('production', ['cart', 'web']), part('staging', ['cart'])]);
  expect(qualified).toEqual(['cart']);
  expect(rows.presence.map(({ service, node }) => [service, node])).toEqual([
    ['production/cart', 'n1'],
    ['web', 'n1'],
    ['staging/cart', 'n1'],
  ]);
  expect(rows.edges.map(({ caller, callee }) => `${caller} -> ${callee}`)).toEqual([
    'production/cart -> db',
    'web -> db',
    'staging/cart -> db',
  ]);
  expect(rows.watermarks.spans).toBe(2);
});

it('what is missing of both, and past incidents of both, are listed once', () => {
  const past = {
    incidentId: 'i',
    resolvedAtMs: 1,
    startedAtMs: 0,
    causeService: 'db',
    causeKind: 'down',
    services: [],
    alertNames: [],
    resolution: '',
  };
  const same = { past: [past], missing: [{ part: 'series', code: 'failed', detail: 'X' } as const] };
  const { rows } = mergeEnvironments([part('a', ['x'], same), part('b', ['y'], same)]);
  expect(rows.past).toHaveLength(1);
  expect(rows.missing).toHaveLength(1);
  expect(rows.topology).toBeUndefined();
});

it('where one of them is too large to be read as a whole, the calls of both are listed', () => {
  const { rows } = mergeEnvironments([part('a', ['cart'], { topology: [['cart', 'db']] }), part('b', ['cart'])]);
  expect(rows.topology).toEqual([
    ['a/cart', 'db'],
    ['b/cart', 'db'],
  ]);
});
