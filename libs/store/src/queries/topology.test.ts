import { afterAll, beforeAll, expect, it } from 'vitest';
import { declaredEdgeRows } from '../history.ts';
import type { Store } from '../port.ts';
import type { Batch } from '../rows.ts';
import { baseMs, openTestStore, type TestStore, trace } from '../testing/rows.ts';

const scope = { tenant: `topology-${process.pid}-${baseMs}`, environment: 'prod' };
let opened: TestStore;
let store: Store;
beforeAll(async () => {
  opened = await openTestStore();
  store = opened.store;
}, 60_000);
afterAll(() => opened.close());

const insert = (...batches: readonly Omit<Batch, 'token'>[]) =>
  store.insert(
    batches.map(
      (batch, index) => ({ ...batch, token: `${scope.tenant}/${expect.getState().currentTestName}/${index}` }) as Batch,
    ),
  );

const range = { fromMs: baseMs, toMs: baseMs + 60_000 };
const sender = { Tenant: scope.tenant, Environment: scope.environment };

it('the graph has what was seen and what was only declared', async () => {
  const edge = {
    ...sender,
    WindowStart: baseMs,
    Caller: 'web',
    Callee: 'cart',
    Operation: 'op',
    Source: 'trace',
    Gap: [],
    LastSeen: baseMs,
  } as const;
  await insert(
    {
      table: 'otel_traces',
      rows: [
        trace(baseMs, { ...sender, ServiceName: 'cart', StatusCode: 'Error' }),
        trace(baseMs, { ...sender, ServiceName: 'web', SpanKind: 'Client' }),
      ],
    },
    {
      table: 'edge_windows',
      rows: [
        { ...edge, CallerInstance: 'w1', CalleeInstance: 'c1', Calls: 3, Errors: 1, Duration: [[80, 3]] },
        { ...edge, CallerInstance: 'w2', CalleeInstance: 'c1', Calls: 1, Errors: 0, Duration: [[80, 1]] },
      ],
    },
    {
      table: 'declared_edges',
      rows: declaredEdgeRows({
        scope,
        source: 'api',
        edges: [
          { from: 'web', to: 'cart' },
          { from: 'cart', to: 'mainframe' },
        ],
        declaredAtMs: baseMs,
      }),
    },
  );
  const graph = await store.graph({ scope }, range);
  expect(graph.services).toMatchObject([{ service: 'cart', calls: 1, errors: 1, lastSeenMs: baseMs }]);
  expect(graph.edges).toMatchObject([
    { from: 'web', to: 'cart', source: 'trace', calls: 4, errorRatio: 0.25 },
    { from: 'cart', to: 'mainframe', source: 'declared', calls: 0, errorRatio: 0, p95Ms: 0 },
  ]);
  expect(graph.edges[0]?.p95Ms).toBeCloseTo(1.07, 1);
});

it('the health of a service comes over time, by instance and by operation', async () => {
  const health = { ...sender, ServiceName: 'billing' };
  await insert({
    table: 'otel_traces',
    rows: [
      trace(baseMs, health),
      trace(baseMs + 10_000, { ...health, StatusCode: 'Error', Instance: 'two' }),
      trace(baseMs + 10_000, { ...health, SpanKind: 'Client', Operation: 'SELECT' }),
    ],
  });
  const answer = await store.entityHealth({ scope, service: 'billing', range });
  expect(answer.points).toMatchObject([
    { atMs: baseMs, calls: 1, errors: 0 },
    { atMs: baseMs + 10_000, calls: 1, errors: 1 },
  ]);
  expect(answer.points[0]?.p50Ms).toBeCloseTo(1, 1);
  expect(answer.instances.map(({ instance, calls }) => [instance, calls])).toEqual([
    ['cart-1', 1],
    ['two', 1],
  ]);
  expect(answer.operations.map(({ operation, kind }) => [operation, kind])).toEqual([
    ['GET /cart', 'server'],
    ['SELECT', 'client'],
  ]);
});
