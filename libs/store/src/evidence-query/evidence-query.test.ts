import { bucketOf, type EvidenceSource, type EvidenceView, type Histogram } from '@faultline/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Batch, noCalls, type TraceRow } from '../rows.ts';
import { minute } from '../testing/query.ts';
import { baseMs, counter, gauge, log, openTestStore, type TestStore, tenant, trace } from '../testing/rows.ts';
import { openTestClient, type TestClient } from '../testing/select.ts';
import { evidenceQuery } from './evidence-query.ts';

const scope = { tenant, environment: "it's\\here" };
const read = { tenant, environments: [scope.environment] };
const owner = { Tenant: tenant, Environment: scope.environment };
const harmMs = baseMs + 10 * minute;
const source: EvidenceSource = {
  view: 'operations',
  service: '',
  instance: '',
  operation: '',
  peer: '',
  metric: '',
  text: '',
  before: { fromMs: baseMs, toMs: harmMs - minute },
  during: { fromMs: harmMs, toMs: baseMs + 20 * minute },
};
const views: Readonly<Record<EvidenceView, Partial<EvidenceSource>>> = {
  operations: { service: 'cart', operation: 'GET /cart' },
  edges: { service: 'cart', peer: 'db' },
  children: { service: 'cart', operation: 'GET /cart', peer: 'db', text: 'SELECT' },
  lines: { service: 'cart', operation: 'GET /cart', text: "can't \\ reach\n<*>" },
  series: { service: 'cart', instance: 'cart-1', metric: 'requests', text: 'route=a' },
  presence: { service: 'cart' },
  place: { service: 'n1' },
  alerts: { service: 'cart' },
  changes: { service: 'cart', text: 'c1' },
};
const queryOf = (view: EvidenceView, more: Partial<EvidenceSource> = {}): string =>
  evidenceQuery(read, { ...source, view, ...views[view], ...more });

it.each(Object.keys(views) as EvidenceView[])('%s', async (view) => {
  const text = evidenceQuery(
    { tenant: 'acme', environments: ['prod'] },
    {
      ...source,
      ...views[view],
      view,
      before: { fromMs: 0, toMs: 600_000 },
      during: { fromMs: 660_000, toMs: 900_000 },
    },
  );
  await expect(`${text}\n`).toMatchFileSnapshot(`snapshots/${view}.sql`);
});

it('is empty when there are no rows to show, and for a view of a later release', () => {
  expect(evidenceQuery(read, null)).toBe('');
  expect(evidenceQuery(read, { ...source, view: 'profiles' as EvidenceView })).toBe('');
});

it.each(['series', 'lines', 'children'] as const)('%s holds no text that ends its string or its line', (view) => {
  const evil = "x' OR 1=1 -- \n; DROP TABLE alerts\u0007\\";
  const query = queryOf(view, { text: evil });
  expect(query).toContain("'x\\' OR 1=1 -- \\n; DROP TABLE alerts\\x07\\\\'");
});

/** One histogram of `count` calls of `ms`. */
const around = (ms: number, count: number): Histogram => [[bucketOf(ms * 1000), count]];

describe('on the engine', () => {
  let opened: TestStore;
  let asking: TestClient;
  const ask = (view: EvidenceView, more: Partial<EvidenceSource> = {}) =>
    asking.select<Record<string, unknown>>(queryOf(view, more));

  beforeAll(async () => {
    opened = await openTestStore();
    asking = await openTestClient(opened.config);
    await opened.store.insert(
      batches().map((batch, index) => ({ ...batch, token: `${tenant}/evidence-query/${index}` }) as Batch),
    );
  }, 60_000);
  afterAll(async () => {
    await asking.close();
    await opened.close();
  });

  it('operations show time, errors and own time of both sides', async () => {
    const [before, during, more] = await ask('operations');
    expect(more).toBeUndefined();
    expect(before).toMatchObject({ side: 'before', calls: 9, error_percent: 0, own_error_percent: 0 });
    expect(during).toMatchObject({ side: 'during', calls: 10, error_percent: 100, own_error_percent: 50 });
    expect(Number(before?.['own_time_mean_ms'])).toBeCloseTo(10, -0.5);
    expect(Number(during?.['own_time_mean_ms']) / 300).toBeCloseTo(1, 1);
    expect(Number(during?.['p95_ms']) / 400).toBeCloseTo(1, 1);
    expect(await ask('operations', { operation: '' })).toEqual([before, during]);
  });

  it('edges show them for calls between services, and the network time', async () => {
    const rows = await ask('edges');
    expect(rows).toMatchObject([
      { caller: 'cart', callee: 'db', side: 'before', calls: 10, error_percent: 0 },
      { caller: 'cart', callee: 'db', side: 'during', calls: 10, error_percent: 40 },
    ]);
    expect(Number(rows[1]?.['on_the_way_mean_ms']) / 200).toBeCloseTo(1, 1);
    expect(await ask('edges', { service: '' })).toEqual(rows);
  });

  it('children and lines show their share of the spans', async () => {
    const shares = [
      { side: 'before', spans_with_it: 10, spans: 10, percent: 100 },
      { side: 'during', spans_with_it: 1, spans: 10, percent: 10 },
    ];
    expect(await ask('children')).toEqual(shares);
    expect(await ask('lines')).toEqual(shares);
    expect(await ask('children', { peer: '', text: '' })).toMatchObject([
      { child_service: 'db', child_operation: 'SELECT', side: 'before', spans_with_it: 10 },
      { child_service: 'db', child_operation: 'SELECT', side: 'during', spans_with_it: 1 },
    ]);
  });

  it('lines without a span are counted by the minute', async () => {
    expect(await ask('lines', { operation: '', text: 'out of memory' })).toEqual([
      { side: 'during', lines: 30, lines_per_minute: 3, instances: ['cart-1'] },
    ]);
  });

  it('series are read according to their shape, also across a reset', async () => {
    expect(await ask('series')).toMatchObject([
      { instance: 'cart-1', side: 'before', middle: 10, mean: 10, read_as: 'counter' },
      { instance: 'cart-1', side: 'during', middle: 20, mean: 20, highest: 20, read_as: 'counter' },
    ]);
    expect(await ask('series', { metric: 'memory', text: '', instance: '' })).toMatchObject([
      { side: 'before', mean: 15, highest: 20, unit: 'By', read_as: 'gauge' },
      { side: 'during', mean: 90, highest: 90, unit: 'By', read_as: 'gauge' },
    ]);
  });

  it('presence shows who is silent beside who is not', async () => {
    const rows = await ask('presence');
    expect(rows.map(({ instance }) => instance)).toEqual(['cart-2', 'cart-1']);
    const cart = rows[1];
    expect(cart).toMatchObject({ node: 'n1', zone: 'z1' });
    expect(String(cart?.['last_log']) < String(cart?.['last_log_of_anybody'])).toBe(true);
  });

  it('a place lists its instances first, then those of the same services elsewhere', async () => {
    const rows = await ask('place');
    expect(rows.map(({ node, service, instance }) => [node, service, instance])).toEqual([
      ['n1', 'cart', 'cart-1'],
      ['n2', 'cart', 'cart-2'],
    ]);
    expect(rows[0]).toMatchObject({ calls_before: 9, calls_during: 10, own_errors_before: 0, own_errors_during: 5 });
    expect(Number(rows[0]?.['own_time_mean_ms_during']) / 300).toBeCloseTo(1, 1);
    expect(rows[1]).toMatchObject({ calls_before: 0, calls_during: 1 });
  });

  it('alerts and changes are listed', async () => {
    expect(await ask('alerts')).toMatchObject([{ name: 'Slow', status: 'firing' }]);
    expect(await ask('changes')).toMatchObject([{ summary: 'cart 2.0', version: '2.0' }]);
  });
});

function batches(): readonly Omit<Batch, 'token'>[] {
  const served = (atMs: number, more: Partial<TraceRow> = {}) => trace(atMs, { ...owner, ...more });
  const minutes = (fromMs: number) => Array.from({ length: 10 }, (_, index) => fromMs + index * minute);
  const sides = [
    { at: minutes(baseMs), ms: 20, selfMs: 10, errors: 0, own: 0, with: 10, gapMs: 1 },
    { at: minutes(harmMs), ms: 400, selfMs: 300, errors: 4, own: 5, with: 1, gapMs: 200 },
  ];
  const window = ({ at }: (typeof sides)[number]) => ({ ...owner, WindowStart: at[1] ?? 0 });
  const text = views.lines.text ?? '';
  return [
    {
      table: 'otel_traces',
      rows: [
        ...sides.flatMap(({ at, ms, own }) =>
          at.map((atMs) => served(atMs, { Duration: BigInt(ms) * 1_000_000n, StatusCode: own > 0 ? 'Error' : 'Ok' })),
        ),
        served(harmMs + minute, { Instance: 'cart-2', Node: 'n2', Operation: 'other', SpanKind: 'Internal' }),
      ],
    },
    {
      table: 'operation_windows',
      rows: sides.map((side) => ({
        ...window(side),
        Service: 'cart',
        Instance: 'cart-1',
        Operation: 'GET /cart',
        Kind: 'server' as const,
        Version: '1',
        ...noCalls,
        SettledCalls: 10,
        OwnErrors: side.own,
        Self: around(side.selfMs, 10),
      })),
    },
    {
      table: 'edge_windows',
      rows: sides.map((side) => ({
        ...window(side),
        Caller: 'cart',
        Callee: 'db',
        CallerInstance: 'cart-1',
        CalleeInstance: '',
        Operation: 'SELECT',
        Source: 'trace' as const,
        Calls: 10,
        Errors: side.errors,
        Duration: around(side.ms, 10),
        Gap: around(side.gapMs, 10),
        LastSeen: side.at[1] ?? 0,
      })),
    },
    {
      table: 'child_windows',
      rows: sides.map((side) => ({
        ...window(side),
        Service: 'cart',
        Operation: 'GET /cart',
        ChildService: 'db',
        ChildOperation: 'SELECT',
        Spans: side.with,
        Calls: side.with,
        Errors: 0,
      })),
    },
    {
      table: 'template_windows',
      rows: [
        ...sides.map((side) => ({ side, Operation: 'GET /cart', Text: text, Lines: side.with })),
        ...sides.slice(1).map((side) => ({ side, Operation: '', Text: 'out of memory', Lines: 30 })),
      ].map(({ side, Text, Lines, ...names }) => ({
        ...window(side),
        ...names,
        Service: 'cart',
        Instance: 'cart-1',
        Template: Text,
        Text,
        SeverityNumber: 17,
        Lines,
        Spans: Lines,
      })),
    },
    { table: 'otel_metrics_gauge', rows: gauges() },
    { table: 'otel_metrics_sum', rows: counters() },
    {
      table: 'otel_logs',
      rows: [log(harmMs, owner), log(harmMs + 2 * minute, { ...owner, ServiceName: 'web', Instance: 'web-1' })],
    },
    { table: 'alerts', rows: [alertRow()] },
    { table: 'changes', rows: [changeRow()] },
  ];
}

function gauges() {
  return [
    [baseMs, 10],
    [baseMs + minute, 20],
    [harmMs, 90],
  ].map(([atMs = 0, Value = 0]) => gauge(atMs, { ...owner, Value }));
}

/** Ten a second, then twenty, with a counter reset in between. */
function counters() {
  return [
    [harmMs - 4 * minute, 8000],
    [harmMs - 3 * minute, 8600],
    [harmMs - 2 * minute, 9200],
    [harmMs, 2400],
    [harmMs + minute, 3600],
    [harmMs + 2 * minute, 4800],
  ].map(([atMs = 0, Value = 0]) => counter(atMs, { ...owner, Value, Attributes: { route: 'a' } }));
}

function alertRow() {
  return {
    ...owner,
    Id: 'a1',
    Source: 'alertmanager',
    Fingerprint: 'f',
    Name: 'Slow',
    Status: 'firing',
    Severity: 'critical',
    Summary: '',
    Labels: {},
    Annotations: {},
    Entities: { service: 'cart' },
    StartsAt: harmMs + minute,
    EndsAt: null,
    ReceivedAt: harmMs + minute,
    Url: '',
    Raw: '',
  } as const;
}

function changeRow() {
  return {
    Tenant: tenant,
    Environment: '',
    Id: 'c1',
    Source: 'ci',
    Kind: 'deploy',
    Entities: { service: 'cart' },
    Summary: 'cart 2.0',
    Actor: 'ana',
    StartedAt: harmMs - minute,
    EndedAt: null,
    Version: '2.0',
    PreviousVersion: '1.0',
    Url: '',
    ReceivedAt: harmMs,
    Raw: '',
    Cluster: '',
    ObjectKind: '',
    ObjectNamespace: '',
    ObjectName: '',
    Manager: '',
    RolloutState: '',
    RolloutAt: 0,
    Detail: '',
  } as const;
}
