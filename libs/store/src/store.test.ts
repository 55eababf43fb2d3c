import { bucketOf, type EvidenceQuery } from '@faultline/model';
import type { AppError } from '@faultline/runtime';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Batch, noCalls, type TraceRow } from './rows.ts';
import { baseMs, gauge, log, openTestStore, type TestStore, trace } from './testing/rows.ts';

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
}, 60_000);
afterAll(() => opened.close());

/** A tenant of its own for each test, so that the tests can share a server. */
let tenants = 0;
const newTenant = () => `${process.pid}-${baseMs}-${tenants++}`;

const ask = (tenant: string): EvidenceQuery => ({
  id: 'q',
  incidentId: 'i',
  scope: { tenant, environment: 'e' },
  askedAtMs: baseMs,
  deadlineMs: Number.MAX_SAFE_INTEGER,
  slices: [{ fromMs: baseMs, toMs: baseMs + 3_600_000 }],
  series: { fromMs: baseMs, toMs: baseMs + 60_000, stepMs: 10_000 },
  seriesHistory: { fromMs: baseMs, toMs: baseMs },
});

/** One batch for each way into the windows: summed from raw rows, and directly. */
function batches(tenant: string, token: string): Batch[] {
  const window = { Tenant: tenant, Environment: 'e', WindowStart: baseMs, Service: 'cart', Operation: 'GET /cart' };
  return [
    { table: 'otel_traces', token, rows: [trace(baseMs, { Tenant: tenant }), trace(baseMs + 1, { Tenant: tenant })] },
    { table: 'otel_metrics_gauge', token, rows: [gauge(baseMs, { Tenant: tenant })] },
    {
      table: 'operation_windows',
      token,
      rows: [
        {
          ...window,
          Instance: 'cart-1',
          Kind: 'server',
          Version: '1',
          ...noCalls,
          SettledCalls: 2,
          OwnErrors: 0,
          Self: [[4, 2]],
        },
      ],
    },
    {
      table: 'child_windows',
      token,
      rows: [{ ...window, ChildService: 'db', ChildOperation: 'sql', Spans: 1, Calls: 3, Errors: 0 }],
    },
  ];
}

async function counts(tenant: string) {
  const { operations, children, series } = await opened.store.answerEvidence(ask(tenant));
  return {
    calls: operations[0]?.calls,
    settledCalls: operations[0]?.settledCalls,
    childCalls: children[0]?.calls,
    points: series[0]?.points[0]?.[3],
  };
}
const once1 = { calls: 2, settledCalls: 2, childCalls: 3, points: 1 };

it('an insert repeated with its token counts once, also after the engine was closed and opened', async () => {
  const tenant = newTenant();
  const first = `${tenant}/a`;
  await opened.store.insert(batches(tenant, first));
  await opened.store.insert(batches(tenant, first));
  expect(await counts(tenant)).toEqual(once1);
  const reopened = await opened.reopen();
  await reopened.insert(batches(tenant, first));
  const { operations } = await reopened.answerEvidence(ask(tenant));
  expect(operations).toMatchObject([{ calls: 2, settledCalls: 2 }]);
  await reopened.insert(batches(tenant, `${tenant}/b`));
  expect((await reopened.answerEvidence(ask(tenant))).operations).toMatchObject([{ calls: 4, settledCalls: 4 }]);
});

it('a call that was interrupted is repeated as a whole, and what was written before is not written again', async () => {
  const tenant = newTenant();
  await opened.store.insert(batches(tenant, tenant).slice(0, 2));
  await opened.store.insert(batches(tenant, tenant));
  expect(await counts(tenant)).toEqual(once1);
});

it('two inserts at the same time keep their own tokens', async () => {
  const tenant = newTenant();
  const tokens = ['a', 'b', 'c', 'd', 'a', 'b', 'c', 'd'].map((letter) => `${tenant}/${letter}`);
  await Promise.all(tokens.map((token) => opened.store.insert(batches(tenant, token))));
  expect(await counts(tenant)).toEqual({ calls: 8, settledCalls: 8, childCalls: 12, points: 4 });
});

it('late data lands in its own window', async () => {
  const tenant = newTenant();
  await opened.store.insert([
    { table: 'otel_traces', token: `${tenant}/1`, rows: [trace(baseMs + 50_000, { Tenant: tenant })] },
  ]);
  await opened.store.insert([
    { table: 'otel_traces', token: `${tenant}/2`, rows: [trace(baseMs + 9_999, { Tenant: tenant })] },
  ]);
  const slices = [0, 10_000, 50_000].map((fromMs) => ({ fromMs: baseMs + fromMs, toMs: baseMs + fromMs + 10_000 }));
  const { operations } = await opened.store.answerEvidence({ ...ask(tenant), slices });
  expect(operations.map(({ slice, calls }) => ({ slice, calls }))).toEqual([
    { slice: 0, calls: 1 },
    { slice: 2, calls: 1 },
  ]);
});

it('durations are counted by bucketOf', async () => {
  const tenant = newTenant();
  const edges = Array.from({ length: 320 }, (_, index) => Math.round(1000 * 2 ** (index / 8)));
  const durations = [0, 1, 999, ...edges.flatMap((edge) => [edge - 1, edge, edge + 1])];
  const rows = durations.map((duration) => trace(baseMs, { Tenant: tenant, Duration: BigInt(duration) }));
  await opened.store.insert([{ table: 'otel_traces', token: tenant, rows }]);
  const expected = new Map<number, number>();
  for (const duration of durations) {
    const bucket = bucketOf(duration / 1000);
    expected.set(bucket, (expected.get(bucket) ?? 0) + 1);
  }
  const { operations } = await opened.store.answerEvidence(ask(tenant));
  expect(operations[0]?.duration).toEqual([...expected].sort(([left], [right]) => left - right));
});

it('any text is stored: quotes, zeros, line ends, half a surrogate pair', async () => {
  const tenant = newTenant();
  const name = 'a\'"\\\n\t\u0000\ud800é😀';
  await opened.store.insert([
    {
      table: 'otel_traces',
      token: `${tenant}'\\`,
      rows: [trace(baseMs, { Tenant: tenant, Operation: name, SpanAttributes: { '\udc00': name } })],
    },
  ]);
  const { operations } = await opened.store.answerEvidence(ask(tenant));
  expect(operations.map(({ operation }) => operation)).toEqual([name.toWellFormed()]);
});

it('every kind of metric and a span with events and links go in, and each kind of metric has its series', async () => {
  const tenant = newTenant();
  const { Value, ...point } = gauge(baseMs, { Tenant: tenant, Attributes: { b: '=', a: ',' } });
  const distribution = { Count: 2n, Sum: 8, Min: 1, Max: 7, AggregationTemporality: 1 } as const;
  const exponential = { Scale: 3, ZeroCount: 0n, PositiveOffset: -2, NegativeOffset: 0, NegativeBucketCounts: [] };
  const events = { 'Events.Timestamp': [1n, 2n], 'Events.Name': ['a', 'b'], 'Events.Attributes': [{}, { x: 'y' }] };
  const links = { 'Links.TraceId': ['t'], 'Links.SpanId': ['s'], 'Links.TraceState': [''], 'Links.Attributes': [{}] };
  const token = tenant;
  await opened.store.insert([
    { table: 'otel_traces', token, rows: [trace(baseMs, { Tenant: tenant, ...events, ...links })] },
    { table: 'otel_logs', token, rows: [log(baseMs, { Tenant: tenant })] },
    { table: 'otel_metrics_gauge', token, rows: [{ ...point, MetricName: 'g', Value }] },
    {
      table: 'otel_metrics_sum',
      token,
      rows: [{ ...point, MetricName: 's', Value, IsMonotonic: false, AggregationTemporality: 2 }],
    },
    {
      table: 'otel_metrics_histogram',
      token,
      rows: [{ ...point, ...distribution, MetricName: 'h', BucketCounts: [1n, 1n], ExplicitBounds: [2] }],
    },
    {
      table: 'otel_metrics_exponential_histogram',
      token,
      rows: [{ ...point, ...distribution, ...exponential, MetricName: 'e', PositiveBucketCounts: [2n] }],
    },
    {
      table: 'otel_metrics_summary',
      token,
      rows: [0, 1].map((step) => ({
        ...point,
        MetricName: 'q',
        TimeUnix: point.TimeUnix + BigInt(step) * 10_000_000_000n,
        Count: BigInt(2 + step),
        Sum: 8 + 3 * step,
        'ValueAtQuantiles.Quantile': [0.5],
        'ValueAtQuantiles.Value': [4],
      })),
    },
  ]);
  const { series, operations } = await opened.store.answerEvidence(ask(tenant));
  expect(operations).toMatchObject([{ calls: 1 }]);
  expect(series.map(({ metric, attributes, points }) => [metric, attributes, points])).toEqual([
    ['e', 'a=,,b==', [[baseMs, 4, 4, 2]]],
    ['g', 'a=,,b==', [[baseMs, 1, 1, 1]]],
    ['h', 'a=,,b==', [[baseMs, 4, 4, 2]]],
    ['q', 'a=,,b==', [[baseMs + 10_000, 3, 3, 1]]],
    ['s', 'a=,,b==', [[baseMs, 1, 1, 1]]],
  ]);
});

it('rows that do not fit are refused permanently, and the error does not contain them', async () => {
  const bad = trace(baseMs, { SpanAttributes: ['hunter2'] as unknown as TraceRow['SpanAttributes'] });
  const error = await opened.store
    .insert([{ table: 'otel_traces', token: 'bad', rows: [bad] }])
    .catch((thrown) => thrown);
  expect(error).toMatchObject({ code: 'STORE_REJECTED', kind: 'permanent' });
  expect((error as AppError).message).not.toContain('hunter2');
});
