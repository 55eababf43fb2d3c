import type { Alert, Incident, IncidentMember } from '@faultline/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { alertRow, changeRow, declaredEdgeRows, incidentAlertRow, incidentRow } from '../history.ts';
import type { Store } from '../port.ts';
import type { Batch } from '../rows.ts';
import { baseMs, openTestStore, type TestStore, trace } from '../test-rows.ts';

const scope = { tenant: `history-${process.pid}-${baseMs}`, environment: 'prod' };
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

function incident(id: string, revision: number, changed: Partial<Incident> = {}): Incident {
  return {
    id,
    revision,
    status: 'open',
    scope,
    title: `${id} is slow`,
    severity: 'critical',
    startedAtMs: baseMs,
    detectedAtMs: baseMs + 1,
    updatedAtMs: baseMs + 2,
    resolvedAtMs: null,
    verdict: 'identified',
    evidenceState: 'settled',
    alertCount: 1,
    firingCount: 1,
    alerts: [member(id, 'f', 0).alert],
    hypotheses: [
      {
        rank: 1,
        probability: 0.9,
        sinceMs: baseMs,
        cause: { service: 'db', instance: '', kind: 'cpu' },
        changeId: null,
        path: ['db', 'cart'],
        evidence: [],
        refutation: { test: '', result: '' },
      },
    ],
    graph: {
      nodes: [
        { id: 'db', service: 'db', role: 'cause' },
        { id: 'web', service: 'web', role: 'healthy' },
      ],
      edges: [],
    },
    changes: [],
    similar: [],
    owners: [],
    runbooks: [],
    timeline: [],
    missingEvidence: [],
    commands: [],
    ...changed,
  };
}

function member(incidentId: string, fingerprint: string, revision: number): IncidentMember {
  return {
    scope,
    incidentId,
    revision,
    entities: { service: 'cart' },
    alert: {
      fingerprint,
      name: 'HighLatency',
      status: 'firing',
      severity: 'critical',
      startsAtMs: baseMs,
      endsAtMs: null,
      labels: { team: 'a' },
      entity: 'service:cart',
      reason: 'first',
      source: 'alertmanager',
      url: '',
    },
  };
}

const firstPage = { size: 2, token: null };

it('incidents come as they were last, latest first, page by page, and filtered', async () => {
  await insert({
    table: 'incidents',
    rows: [
      incident('a', 1, { startedAtMs: baseMs + 1 }),
      incident('a', 2, { startedAtMs: baseMs, status: 'acknowledged' }),
      incident('b', 1, { startedAtMs: baseMs + 5 }),
      incident('c', 1, { startedAtMs: baseMs + 5, graph: { nodes: [], edges: [] } }),
      incident('z', 1, { scope: { ...scope, environment: 'test' }, startedAtMs: baseMs + 9 }),
    ].map(incidentRow),
  });
  const filter = { ...scope };
  const first = await store.listIncidents(filter, firstPage);
  expect(first.items.map(({ id, revision }) => [id, revision])).toEqual([
    ['c', 1],
    ['b', 1],
  ]);
  const second = await store.listIncidents(filter, { ...firstPage, token: first.next });
  expect(second).toEqual({ items: [incident('a', 2, { startedAtMs: baseMs, status: 'acknowledged' })], next: null });
  const ids = async (more: object) =>
    (await store.listIncidents({ ...filter, ...more }, { size: 9, token: null })).items.map(({ id }) => id);
  expect(await ids({ statuses: ['open'] })).toEqual(['c', 'b']);
  expect(await ids({ service: 'db' })).toEqual(['b', 'a']);
  expect(await ids({ fromMs: baseMs + 1, toMs: baseMs + 9 })).toEqual(['c', 'b']);
  const anyEnvironment = await store.listIncidents({ tenant: scope.tenant }, { size: 1, token: null });
  expect(anyEnvironment.items.map(({ id }) => id)).toEqual(['z']);
  await expect(store.listIncidents(filter, { size: 1, token: 'nonsense' })).rejects.toMatchObject({
    code: 'STORE_BAD_PAGE_TOKEN',
  });
});

it('a revision comes back as it went', async () => {
  await insert({
    table: 'incidents',
    rows: [incidentRow(incident('r', 1)), incidentRow(incident('r', 2, { title: 'é"\\' }))],
  });
  const ask = (revision: number | null) =>
    store.getIncidentRevision({ tenant: scope.tenant, incidentId: 'r', revision });
  expect(await ask(1)).toEqual(incident('r', 1));
  expect(await ask(null)).toEqual(incident('r', 2, { title: 'é"\\' }));
  expect(await ask(3)).toBeNull();
});

it('members come as they were last, each once, page by page', async () => {
  const rows = [
    member('m', 'f1', 1),
    member('m', 'f2', 1),
    member('m', 'f3', 2),
    {
      ...member('m', 'f1', 4),
      alert: { ...member('m', 'f1', 4).alert, endsAtMs: baseMs + 7, status: 'resolved' as const },
    },
  ];
  await insert({ table: 'incident_alerts', rows: rows.map(incidentAlertRow) });
  const request = { tenant: scope.tenant, incidentId: 'm' };
  const first = await store.listIncidentAlerts(request, firstPage);
  expect(first.items).toEqual([rows[3]?.alert, rows[1]?.alert]);
  const second = await store.listIncidentAlerts(request, { ...firstPage, token: first.next });
  expect(second).toEqual({ items: [rows[2]?.alert], next: null });
});

it('evidence tells how other incidents of the scope ended', async () => {
  const ended = {
    status: 'resolved',
    resolvedAtMs: baseMs + 60_000,
    timeline: [{ atMs: baseMs, kind: 'command', text: 'rolled back' }],
  } as const;
  const elsewhere = { scope: { ...scope, tenant: `${scope.tenant}-other` } };
  await insert({
    table: 'incidents',
    rows: [
      incident('old', 1),
      incident('old', 2, ended),
      incident('self', 1, ended),
      incident('theirs', 1, { ...ended, ...elsewhere }),
    ].map(incidentRow),
  });
  const range = { fromMs: baseMs, toMs: baseMs + 1 };
  const { past } = await store.answerEvidence({
    id: 'q',
    incidentId: 'self',
    scope,
    askedAtMs: baseMs,
    deadlineMs: baseMs,
    slices: [range],
    series: { ...range, stepMs: 10_000 },
    seriesHistory: range,
  });
  expect(past).toEqual([
    {
      incidentId: 'old',
      resolvedAtMs: baseMs + 60_000,
      startedAtMs: baseMs,
      causeService: 'db',
      causeKind: 'cpu',
      services: ['db'],
      alertNames: ['HighLatency'],
      resolution: 'rolled back',
    },
  ]);
});

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
  const graph = await store.graph(scope, range);
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

it('alerts and changes go in with their empty and missing fields', async () => {
  const alert: Alert = {
    id: '1',
    scope,
    source: 's',
    fingerprint: 'f',
    name: 'n',
    status: 'firing',
    severity: 'info',
    summary: '',
    labels: {},
    annotations: {},
    entities: { service: 'cart' },
    startsAtMs: baseMs,
    endsAtMs: null,
    receivedAtMs: baseMs,
    expiresAfterMs: null,
    url: '',
    raw: '{}',
  };
  const change = {
    id: '1',
    scope: { ...scope, environment: '' },
    source: 's',
    kind: 'deploy',
    entities: {},
    summary: '',
    actor: '',
    startedAtMs: baseMs,
    endedAtMs: null,
    version: '',
    previousVersion: '',
    url: '',
    receivedAtMs: baseMs,
    raw: '{}',
  } as const;
  const going = insert({ table: 'alerts', rows: [alertRow(alert)] }, { table: 'changes', rows: [changeRow(change)] });
  await expect(going).resolves.toBeUndefined();
});
