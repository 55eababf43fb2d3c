import { bucketOf, type EvidenceQuestion, type OperationRow } from '@faultline/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Store } from '../port.ts';
import { type Batch, type TraceRow, windowStartMs } from '../rows.ts';
import { baseMs, counter, gauge, log, openTestStore, type TestStore, tenant, trace } from '../test-rows.ts';

const minute = 60_000;
const question: EvidenceQuestion = {
  id: 'q',
  incidentId: 'now',
  scope: { tenant, environment: 'e' },
  askedAtMs: baseMs + 20 * minute,
  deadlineMs: Number.MAX_SAFE_INTEGER,
  slices: [
    { fromMs: baseMs, toMs: baseMs + 10 * minute },
    { fromMs: baseMs + 10 * minute, toMs: baseMs + 10 * minute + 30_000 },
    { fromMs: baseMs + 10 * minute + 30_000, toMs: baseMs + 11 * minute },
  ],
  series: { fromMs: baseMs + 5 * minute, toMs: baseMs + 15 * minute, stepMs: 30_000 },
  seriesHistory: { fromMs: baseMs, toMs: baseMs + 5 * minute },
};

let opened: TestStore;
let store: Store;
beforeAll(async () => {
  opened = await openTestStore();
  store = opened.store;
}, 60_000);
afterAll(() => opened.close());

const insert = (token: string, ...batches: readonly Omit<Batch, 'token'>[]) =>
  store.insert(batches.map((batch) => ({ ...batch, token: `${tenant}/${token}` }) as Batch));

/** Spans over 12 minutes by a fixed recurrence: several services, instances, operations, statuses and durations. */
function someSpans(count: number): TraceRow[] {
  let seed = 7;
  const next = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  return Array.from({ length: count }, () => {
    const service = `s${next(3)}`;
    return trace(baseMs + next(12 * minute), {
      ServiceName: service,
      Instance: `${service}-${next(2)}`,
      Operation: `op${next(3)}`,
      SpanKind: next(2) === 0 ? 'Server' : 'Client',
      StatusCode: next(5) === 0 ? 'Error' : 'Ok',
      Duration: BigInt(next(2_000_000_000)),
    });
  });
}

/** The slow and plain way to the same rows. */
function countOperations(spans: readonly TraceRow[]): Map<string, Pick<OperationRow, 'calls' | 'errors' | 'duration'>> {
  const rows = new Map<string, { calls: number; errors: number; buckets: Map<number, number> }>();
  for (const span of spans) {
    const windowStart = windowStartMs(Number(span.Timestamp / 1_000_000n));
    const slice = question.slices.findIndex(({ fromMs, toMs }) => windowStart >= fromMs && windowStart < toMs);
    if (slice < 0) continue;
    const key = [slice, span.ServiceName, span.Instance, span.Operation, span.SpanKind.toLowerCase()].join('|');
    const row = rows.get(key) ?? { calls: 0, errors: 0, buckets: new Map() };
    const bucket = bucketOf(Number(span.Duration) / 1000);
    row.calls += 1;
    row.errors += span.StatusCode === 'Error' ? 1 : 0;
    row.buckets.set(bucket, (row.buckets.get(bucket) ?? 0) + 1);
    rows.set(key, row);
  }
  return new Map(
    [...rows].map(([key, { buckets, ...row }]) => [
      key,
      { ...row, duration: [...buckets].sort(([left], [right]) => left - right) },
    ]),
  );
}

it('operations equal a plain count over the spans, however they were cut into inserts', async () => {
  const spans = someSpans(3_000);
  await insert('spans/0/0-1', { table: 'otel_traces', rows: spans.slice(0, 1_000) });
  await insert('spans/0/2-3', { table: 'otel_traces', rows: spans.slice(1_000) });
  const { operations, watermarks, missing } = await store.answerEvidence(question);
  expect(missing).toEqual([]);
  const answered = new Map(
    operations.map(({ slice, service, instance, operation, kind, calls, errors, duration }) => [
      [slice, service, instance, operation, kind].join('|'),
      { calls, errors, duration },
    ]),
  );
  expect(answered).toEqual(countOperations(spans));
  expect(watermarks.spans).toBe(Math.max(...spans.map((span) => Number(span.Timestamp / 1_000_000n))));
});

it('a scope sees only its own rows', async () => {
  await insert('spans/0/other', {
    table: 'otel_traces',
    rows: [trace(baseMs, { Environment: 'other', ServiceName: 'theirs' })],
  });
  const mine = await store.answerEvidence(question);
  expect(mine.operations.filter(({ service }) => service === 'theirs')).toEqual([]);
  expect(mine.presence.filter(({ service }) => service === 'theirs')).toEqual([]);
  const theirs = await store.answerEvidence({ ...question, scope: { tenant, environment: 'other' } });
  expect(theirs.operations.map(({ service, calls }) => ({ service, calls }))).toEqual([
    { service: 'theirs', calls: 1 },
  ]);
});

it('rows that the recorder sums itself add up over cuts, and a window belongs to the slice of its start', async () => {
  const scope = { Tenant: tenant, Environment: 'derived' };
  const inBaseline = { ...scope, WindowStart: baseMs + 9 * minute };
  const inSecond = { ...scope, WindowStart: baseMs + 10 * minute + 30_000 };
  const edge = {
    Caller: 'a',
    Callee: 'b',
    CallerInstance: 'a-1',
    CalleeInstance: '',
    Operation: 'op',
    Source: 'client-span',
    Errors: 1,
    Gap: [],
  } as const;
  const child = { Service: 'a', Operation: 'op', ChildService: 'b', ChildOperation: 'sql', Errors: 0 };
  for (const cut of ['1', '2'])
    await insert(
      `derived/${cut}`,
      {
        table: 'edge_windows',
        rows: [
          {
            ...inBaseline,
            ...edge,
            Calls: 3,
            Duration: [
              [-1, 1],
              [80, 2],
            ],
            LastSeen: baseMs + Number(cut),
          },
          { ...inSecond, ...edge, Calls: 1, Duration: [[80, 1]], LastSeen: baseMs },
        ],
      },
      {
        table: 'operation_windows',
        rows: [
          {
            ...inSecond,
            Service: 'a',
            Instance: 'a-1',
            Operation: 'op',
            Kind: 'server',
            Version: '',
            SettledCalls: 2,
            OwnErrors: 1,
            Self: [[8, 2]],
          },
        ],
      },
      {
        table: 'template_windows',
        rows: [
          {
            ...inSecond,
            Service: 'a',
            Instance: 'a-1',
            Operation: '',
            Template: 'x',
            Text: 'boom <*>',
            SeverityNumber: 17,
            Lines: 4,
            Spans: 4,
          },
        ],
      },
      { table: 'child_windows', rows: [{ ...inBaseline, ...child, Spans: 1, Calls: 5 }] },
    );
  const answer = await store.answerEvidence({ ...question, scope: { tenant, environment: 'derived' } });
  expect(answer.edges).toMatchObject([
    {
      slice: 0,
      caller: 'a',
      callee: 'b',
      source: 'client-span',
      calls: 6,
      errors: 2,
      duration: [
        [-1, 2],
        [80, 4],
      ],
      gap: [],
      lastSeenMs: baseMs + 2,
    },
    { slice: 2, calls: 2, duration: [[80, 2]] },
  ]);
  expect(answer.operations).toEqual([
    {
      slice: 2,
      service: 'a',
      instance: 'a-1',
      operation: 'op',
      kind: 'server',
      version: '',
      calls: 0,
      errors: 0,
      ownErrors: 2,
      duration: [],
      settledCalls: 4,
      self: [[8, 4]],
    },
  ]);
  expect(answer.templates).toEqual([
    {
      slice: 2,
      service: 'a',
      instance: 'a-1',
      operation: '',
      template: 'x',
      text: 'boom <*>',
      severityNumber: 17,
      lines: 8,
      spans: 8,
    },
  ]);
  expect(answer.children).toEqual([
    {
      slice: 0,
      service: 'a',
      operation: 'op',
      childService: 'b',
      childOperation: 'sql',
      spans: 2,
      calls: 10,
      errors: 0,
    },
  ]);
});

const metrics = { Environment: 'metrics' };
const askMetrics = () => store.answerEvidence({ ...question, scope: { tenant, environment: 'metrics' } });

it('a gauge comes as means and maxima of its steps, with quantiles of its far past', async () => {
  const far = [1, 2, 3, 4].map((value) => gauge(baseMs + value * 30_000, { ...metrics, Value: value }));
  const near = [10, 20].map((value, index) =>
    gauge(baseMs + 5 * minute + index * 10_000, { ...metrics, Value: value, Attributes: { b: '2', a: '1' } }),
  );
  const same = far.map((row) => ({ ...row, Attributes: { a: '1', b: '2' } }));
  await insert('metrics/0/0', { table: 'otel_metrics_gauge', rows: [...same, ...near] });
  const { series, watermarks } = await askMetrics();
  expect(series).toEqual([
    {
      service: 'cart',
      instance: 'cart-1',
      node: 'n1',
      metric: 'memory',
      unit: 'By',
      attributes: 'a=1,b=2',
      points: [[baseMs + 5 * minute, 15, 20, 2]],
      history: { count: 4, min: 1, p01: 1, p25: 2, p50: 3, p75: 4, p99: 4, max: 4 },
    },
  ]);
  expect(watermarks.metrics).toBe(baseMs + 5 * minute + 10_000);
});

it('a cumulative counter comes as a rate per second, also over a reset', async () => {
  const values = [1000, 1300, 1900, 60];
  const rows = values.map((value, index) =>
    counter(baseMs + 5 * minute + (index - 1) * 30_000, { ...metrics, Value: value }),
  );
  await insert('metrics/0/1', { table: 'otel_metrics_sum', rows });
  const requests = (await askMetrics()).series.filter(({ metric }) => metric === 'requests');
  expect(requests.map(({ points }) => points)).toEqual([
    [
      [baseMs + 5 * minute, 10, 10, 1],
      [baseMs + 5 * minute + 30_000, 20, 20, 1],
      [baseMs + 5 * minute + 60_000, 2, 2, 1],
    ],
  ]);
});

it('a cumulative histogram comes as the mean of what was added, with its count', async () => {
  const rows = [
    [10n, 100],
    [14n, 140],
    [24n, 1140],
  ] as const;
  await insert('metrics/0/2', {
    table: 'otel_metrics_histogram',
    rows: rows.map(([Count, Sum], index) => {
      const { Value: _value, ...point } = gauge(baseMs + 5 * minute + (index - 1) * 30_000, metrics);
      return {
        ...point,
        MetricName: 'latency',
        Count,
        Sum,
        BucketCounts: [Count],
        ExplicitBounds: [],
        Min: 0,
        Max: 0,
        AggregationTemporality: 2,
      } as const;
    }),
  });
  const latency = (await askMetrics()).series.filter(({ metric }) => metric === 'latency');
  expect(latency.map(({ points }) => points)).toEqual([
    [
      [baseMs + 5 * minute, 10, 10, 4],
      [baseMs + 5 * minute + 30_000, 100, 100, 10],
    ],
  ]);
});

it('deltas come as a rate, and a delta histogram as its mean', async () => {
  const delta = { ...metrics, MetricName: 'sent', AggregationTemporality: 1 } as const;
  const at = (index: number) => baseMs + 5 * minute + index * 30_000;
  const sums = [0, 1, 2].map((index) => counter(at(index), { ...delta, Value: 60 }));
  const histograms = [0, 1].map((index) => {
    const { Value: _value, ...point } = gauge(at(index), { ...delta, MetricName: 'size' });
    return {
      ...point,
      Count: 4n,
      Sum: 8,
      BucketCounts: [],
      ExplicitBounds: [],
      Min: 1,
      Max: 3,
      AggregationTemporality: 1,
    } as const;
  });
  await insert(
    'metrics/0/3',
    { table: 'otel_metrics_sum', rows: sums },
    { table: 'otel_metrics_histogram', rows: histograms },
  );
  const { series } = await askMetrics();
  const pointsOf = (name: string) => series.filter(({ metric }) => metric === name).map(({ points }) => points);
  expect(pointsOf('sent')).toEqual([[0, 1, 2].map((index) => [at(index), 2, 2, 1])]);
  expect(pointsOf('size')).toEqual([[0, 1].map((index) => [at(index), 2, 2, 4])]);
});

it('presence has the last sign of life of each signal', async () => {
  const presence = { Environment: 'presence' };
  await insert('presence/0', {
    table: 'otel_traces',
    rows: [trace(baseMs + 5, presence), trace(baseMs + 1, presence)],
  });
  await insert('presence/0', { table: 'otel_logs', rows: [log(baseMs + 7, presence)] });
  const answer = await store.answerEvidence({ ...question, scope: { tenant, environment: 'presence' } });
  expect(answer.presence).toEqual([
    {
      service: 'cart',
      instance: 'cart-1',
      node: 'n1',
      zone: 'z1',
      lastSpanMs: baseMs + 5,
      lastMetricMs: 0,
      lastLogMs: baseMs + 7,
    },
  ]);
  expect(answer.watermarks).toEqual({ spans: baseMs + 5, logs: baseMs + 7, metrics: 0 });
});

it('an empty scope has an empty answer', async () => {
  const answer = await store.answerEvidence({ ...question, scope: { tenant: 'nobody', environment: '' } });
  expect(answer).toEqual({
    slices: question.slices,
    watermarks: { spans: 0, logs: 0, metrics: 0 },
    missing: [],
    operations: [],
    edges: [],
    templates: [],
    children: [],
    series: [],
    presence: [],
    past: [],
  });
});
