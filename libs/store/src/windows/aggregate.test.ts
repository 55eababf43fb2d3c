/** Compares the sums with those of the views that computed them before. Their files stay in sql/. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Attributes } from '@faultline/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBlockFolder } from '../block-folder.ts';
import { openEmbedded } from '../embedded.ts';
import { type Engine, openEngine } from '../engine.ts';
import { insertBatches } from '../insert.ts';
import { droppedBy } from '../layout/cluster.ts';
import { migrate, readMigrations } from '../migration.ts';
import type { Batch, ExponentialHistogramRow, HistogramRow, SummaryRow, TraceRow } from '../rows.ts';
import { baseMs, counter, gauge, log, trace } from '../testing/rows.ts';
import { withWindows } from '../testing/with-windows.ts';
import { createWindowAggregate } from './aggregate.ts';
import { attributeText, resourceText } from './series-text.ts';

let folder: string;
let engine: Engine;
const migrations = readMigrations();
const dropped = migrations.flatMap(({ sql }) => droppedBy(sql));
const views = migrations.filter(({ sql }) => dropped.some((name) => sql.includes(` ${name} TO `)));
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-windows-'));
  const connect = await openEmbedded(join(folder, 'store'));
  const blocks = openBlockFolder(join(folder, 'blocks'));
  engine = await openEngine({ openReader: connect, openWriter: connect, readers: 1, writers: 1, blocks });
  await migrate(engine, migrations, () => baseMs);
}, 60_000);
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

const select = (sql: string) => engine.select<Record<string, unknown>>({ sql, params: {} });

/** Everything that a table holds of a tenant, merged. Sums of fractions depend on their order, so they are rounded. */
async function contents(table: string, tenant: string, columns: string) {
  return select(`SELECT ${columns} FROM ${table} FINAL WHERE Tenant = '${tenant}' ORDER BY ALL`);
}

const tables = {
  operation_windows:
    'Environment, WindowStart, Service, Operation, Kind, Instance, Version, Node, Zone, Calls, Errors, Duration, SettledCalls, Self, LastSeen',
  operation_periods: 'Environment, WindowStart, Service, Operation, Kind, Instance, Version, Calls, Errors, Duration',
  metric_windows:
    'Environment, WindowStart, Service, Metric, toString(Series) AS Series, Instance, Node, Zone, Unit, AttributeText, Shape, Points, round(Sum, 6) AS Sum, Weight, Min, Max, First, Last',
  metric_periods:
    'Environment, WindowStart, Service, Metric, toString(Series) AS Series, Node, Shape, Weight, First, Last',
  presence:
    'Environment, Day, Service, Instance, Node, Zone, Cluster, Namespace, arraySort(EnvironmentNames) AS Names, LastSpan, LastMetric, LastLog',
};

async function allContents(tenant: string) {
  const entries = Object.entries(tables).map(async ([table, columns]) => [
    table,
    await contents(table, tenant, columns),
  ]);
  return Object.fromEntries(await Promise.all(entries)) as Record<keyof typeof tables, Record<string, unknown>[]>;
}

/** A small generator: the same numbers in each run. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
}

const awkward = ["it's", 'back\\slash', 'tab\tline\nzero\0bell\x07', 'é😀', '\ud800', '', 'plain', '{a: "b"}'];

/** Raw rows of every table: few senders, so that keys meet, and texts that are hard to quote. */
function randomRows(tenant: string, seed: number): Batch[] {
  const random = randomOf(seed);
  const one = <Value>(values: readonly [Value, ...Value[]]): Value => values[random(values.length)] ?? values[0];
  const text = () => awkward[random(awkward.length)] ?? '';
  const attributes = (): Attributes => ({ [one(['b', 'a', '10', '\ue000', '😀'])]: text(), c: text(), B: text() });
  const resources = Array.from({ length: 6 }, (_, index) => ({
    Tenant: tenant,
    ServiceName: `s${index % 3}`,
    Instance: `i${index % 4}`,
    Node: one(['', 'n1', 'n2']),
    Zone: one(['', 'z1']),
    ResourceAttributes: {
      ...attributes(),
      ...(random(2) === 0 ? { 'k8s.cluster.name': one(['east', 'west']), 'k8s.namespace.name': 'shop' } : {}),
      ...(random(2) === 0 ? { 'deployment.environment': 'Prod' } : {}),
      ...(random(3) === 0 ? { 'deployment.environment.name': one(['', 'production']) } : {}),
    },
  }));
  const sender = () => resources[random(resources.length)] ?? resources[0];
  const atMs = () => baseMs + random(40_000) + (random(5) === 0 ? 86_400_000 : 0);
  const many = <Row>(make: () => Row): Row[] => Array.from({ length: 60 }, make);
  const point = () => ({ ...gauge(atMs(), sender()), MetricName: one(['m1', 'm2']), Attributes: attributes() });
  const { Value: _value, ...base } = gauge(atMs());
  const distribution = () => ({
    ...base,
    ...sender(),
    TimeUnix: BigInt(atMs()) * 1_000_000n + 999n,
    Attributes: attributes(),
    Count: BigInt(random(4)),
    Sum: random(1_000) / 8,
  });
  const range = { Min: 0, Max: 0 };
  const temporality = () => one([0, 1, 2] as const);
  return [
    {
      table: 'otel_traces',
      token: '',
      rows: many(
        (): TraceRow => ({
          ...trace(atMs(), sender()),
          Operation: one(['GET /', 'POST /']),
          SpanKind: one(['Server', 'Client', 'Unspecified', 'Internal', 'Producer', 'Consumer']),
          StatusCode: one(['Unset', 'Error', 'Ok']),
          Version: one(['', '1', '2']),
          Duration: BigInt(random(2 ** 31) >> random(31)),
        }),
      ),
    },
    { table: 'otel_logs', token: '', rows: many(() => log(atMs(), sender())) },
    { table: 'otel_metrics_gauge', token: '', rows: many(() => ({ ...point(), Value: random(100) / 4 - 10 })) },
    {
      table: 'otel_metrics_sum',
      token: '',
      rows: many(() => ({
        ...counter(0),
        ...point(),
        Value: random(9),
        IsMonotonic: random(2) === 0,
        AggregationTemporality: temporality(),
      })),
    },
    {
      table: 'otel_metrics_histogram',
      token: '',
      rows: many(
        (): HistogramRow => ({
          ...{ ...distribution(), ...range, BucketCounts: [], ExplicitBounds: [] },
          AggregationTemporality: temporality(),
        }),
      ),
    },
    {
      table: 'otel_metrics_exponential_histogram',
      token: '',
      rows: many(
        (): ExponentialHistogramRow => ({
          ...{ ...distribution(), ...range, Scale: 0, ZeroCount: 0n, PositiveOffset: 0, PositiveBucketCounts: [] },
          ...{ NegativeOffset: 0, NegativeBucketCounts: [], AggregationTemporality: temporality() },
        }),
      ),
    },
    {
      table: 'otel_metrics_summary',
      token: '',
      rows: many(
        (): SummaryRow => ({
          ...distribution(),
          'ValueAtQuantiles.Quantile': [],
          'ValueAtQuantiles.Value': [],
        }),
      ),
    },
  ];
}

const under = (batches: readonly Batch[], token: string) => batches.map((batch) => ({ ...batch, token }));

it.each([1, 2, 3, 4])(
  'the sums are those of the views, to the number of each series: seed %i',
  { timeout: 60_000 },
  async (seed) => {
    for (const { sql } of views) await engine.command(sql);
    await insertBatches(engine, under(randomRows(`views-${seed}`, seed), `views-${seed}`));
    for (const name of dropped) await engine.command(`DROP VIEW ${name}`);
    const own = under(randomRows(`own-${seed}`, seed), `own-${seed}`);
    await insertBatches(engine, withWindows(own));
    const [byViews, byUs] = [await allContents(`views-${seed}`), await allContents(`own-${seed}`)];
    for (const [table, rows] of Object.entries(byUs)) {
      expect(rows.length, table).toBeGreaterThan(5);
      expect(rows, table).toEqual(byViews[table as keyof typeof tables]);
    }
  },
);

it('all views that were dropped are compared', () => {
  expect(views).toHaveLength(11);
  expect(dropped).toHaveLength(11);
});

it('several blocks of one batch are one row for each key', () => {
  const aggregate = createWindowAggregate();
  const resource = { 'service.name': 'cart' };
  for (const atMs of [baseMs + 1, baseMs + 9_999, baseMs + 10_000])
    aggregate.spans([trace(atMs, { ResourceAttributes: { ...resource } })]);
  for (const atMs of [baseMs + 2, baseMs + 3]) aggregate.points([gauge(atMs, { ResourceAttributes: { ...resource } })]);
  const { operation_windows, metric_windows, presence } = aggregate.rows();
  expect(operation_windows.map(({ Calls }) => Calls)).toEqual([2, 1]);
  expect(metric_windows.map(({ Points, Sum }) => [Points, Sum])).toEqual([[2, 2]]);
  expect(presence).toMatchObject([{ LastSpan: baseMs + 10_000, LastMetric: baseMs + 3, LastLog: 0 }]);
});

it('one attributes object that rows of two tenants share does not mix them', () => {
  const aggregate = createWindowAggregate();
  const shared = { 'service.name': 'cart' };
  aggregate.spans(['a', 'b'].map((Tenant) => trace(baseMs, { Tenant, ResourceAttributes: shared })));
  expect(aggregate.rows().operation_windows.map(({ Tenant, Calls }) => [Tenant, Calls])).toEqual([
    ['a', 1],
    ['b', 1],
  ]);
});

it('texts are sorted by bytes and quoted', () => {
  expect(attributeText({ b: '1', a: '2' })).toBe('a=2,b=1');
  expect(attributeText({ '😀': '1', '\ue000': '2' })).toBe('\ue000=2,😀=1');
  expect(resourceText({ b: "it's", a: 'x\\y' })).toBe("{'a':'x\\\\y','b':'it\\'s'}");
  expect(resourceText({})).toBe('{}');
});
