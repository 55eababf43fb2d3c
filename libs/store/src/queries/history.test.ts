import type { Alert, Change, Incident, IncidentMember, WorkloadFinding } from '@faultline/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { alertRow, changeRow, incidentAlertRow, incidentRow, workloadFindingRow } from '../history.ts';
import type { Store } from '../port.ts';
import type { Batch } from '../rows.ts';
import { baseMs, openTestStore, type TestStore } from '../testing/rows.ts';

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
    resolution: null,
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
    missing: [],
    environments: [],
    environmentReading: null,
    evidenceRetry: null,
    concurrent: { count: 0, incidentIds: [] },
    triage: null,
    rejectedCauses: [],
    commands: [],
    ...changed,
  };
}

function member(incidentId: string, fingerprint: string, revision: number): IncidentMember {
  return {
    scope,
    incidentId,
    revision,
    membership: 'present',
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
      environment: 'test',
      kind: 'no-data',
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
      incident('z', 1, { startedAtMs: baseMs + 9 }),
      incident('z', 2, {
        scope: { ...scope, environment: '' },
        environments: ['test', 'uat'],
        startedAtMs: baseMs + 9,
      }),
    ].map(incidentRow),
  });
  const filter = { tenant: scope.tenant, environments: [scope.environment, 'elsewhere'] };
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
  // Of two environments, and by where it was in its last revision.
  expect(await ids({ environments: ['uat'] })).toEqual(['z']);
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

it('a revision of an older release has the fields that came later', async () => {
  const { environments: _all, environmentReading: _reading, missing: _missing, ...old } = incident('old', 1);
  await insert({ table: 'incidents', rows: [{ ...incidentRow(incident('old', 1)), Body: JSON.stringify(old) }] });
  const read = await store.getIncidentRevision({ tenant: scope.tenant, incidentId: 'old', revision: 1 });
  expect(read).toMatchObject({ id: 'old', environments: [], environmentReading: null, missing: [] });
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
    member('m', 'f4', 1),
    { ...member('m', 'f4', 1), membership: 'left' as const },
    { ...member('m', 'f3', 1), alert: { ...member('m', 'f3', 1).alert, startsAtMs: baseMs + 5 } },
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
    resolution: 'rolled back',
    rejectedCauses: [{ service: 'web', actor: 'ann', atMs: baseMs }],
    remediations: [
      { kind: 'restarted', target: 'db', worked: false, actor: 'ann', atMs: baseMs, doneAtMs: baseMs },
      { kind: 'scaled', target: 'db', worked: true, actor: 'ann', atMs: baseMs, doneAtMs: baseMs + 60_000 },
      { kind: 'rolled-back', target: 'db v2', worked: true, actor: 'ann', atMs: baseMs, doneAtMs: null },
    ],
    stages: {
      onsetMs: baseMs,
      detectedMs: baseMs,
      pagedMs: null,
      acknowledgedMs: null,
      causeNamedMs: null,
      actionMs: null,
      action: '',
      recoveredMs: baseMs + 240_000,
    },
  } as const;
  const elsewhere = { scope: { ...scope, tenant: `${scope.tenant}-other` } };
  await insert({
    table: 'incidents',
    rows: [
      incident('old', 1),
      incident('old', 2, ended),
      incident('self', 1, ended),
      incident('theirs', 1, { ...ended, ...elsewhere }),
      incident('merged-away', 1, { ...ended, alertCount: 0, alerts: [] }),
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
    traits: ['cause db', 'kind cpu', 'alert HighLatency', 'alert Other'],
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
      rejectedCauses: ['web'],
      traits: ['cause db', 'kind cpu', 'path cart', 'alert HighLatency'],
      remediations: [
        { kind: 'restarted', target: 'db', worked: false, minutes: 4 },
        { kind: 'scaled', target: 'db', worked: true, minutes: 3 },
        { kind: 'rolled-back', target: 'db v2', worked: true, minutes: null },
      ],
    },
  ]);
});

it('of many past incidents, those that share most come, each as it ended last', async () => {
  const tenant = `${scope.tenant}-many`;
  const past = (id: string, revision: number, changed: Partial<Incident> = {}) =>
    incident(id, revision, {
      scope: { ...scope, tenant },
      status: 'resolved',
      resolvedAtMs: baseMs + revision,
      ...changed,
    });
  const other = { hypotheses: [], verdict: 'inconclusive' } as const;
  const many = Array.from({ length: 60 }, (_, index) => past(`o${index}`, 1, other));
  const rows = [
    ...many,
    past('same', 1, other),
    past('same', 2),
    past('moved', 1),
    past('moved', 2, { ...other, alerts: [] }),
  ];
  await insert({ table: 'incidents', rows: rows.map(incidentRow) });
  const range = { fromMs: baseMs, toMs: baseMs + 1 };
  const ask = {
    id: 'q',
    incidentId: 'now',
    scope: { ...scope, tenant },
    askedAtMs: baseMs,
    deadlineMs: baseMs,
    slices: [range],
  };
  const read = (traits: readonly string[]) =>
    store.answerEvidence({ ...ask, series: { ...range, stepMs: 10_000 }, seriesHistory: range, traits });
  const { past: alike } = await read(['cause db', 'kind cpu']);
  expect(alike.map(({ incidentId }) => incidentId).sort()).toEqual(['same']);
  expect((await read(['alert HighLatency'])).past).toHaveLength(50);
  expect((await read([])).past).toEqual([]);
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

it('resolved incidents show how long each stage took, by month, team, service and kind', async () => {
  const owners = [{ team: 'storage', contact: '', why: 'owns db' }];
  const reached = (recoveredMs: number | null, acknowledgedMs: number | null = null) => ({
    stages: {
      onsetMs: baseMs,
      detectedMs: baseMs + 10_000,
      pagedMs: baseMs + 12_000,
      acknowledgedMs,
      causeNamedMs: null,
      actionMs: null,
      action: '',
      recoveredMs,
    },
    owners,
  });
  const tenant = `${scope.tenant}-stages`;
  const own = (id: string, revision: number, changed: Partial<Incident>) =>
    incidentRow({ ...incident(id, revision, changed), scope: { ...scope, tenant } });
  const resolved = { status: 'resolved', resolvedAtMs: baseMs + 300_000 } as const;
  await insert({
    table: 'incidents',
    rows: [
      own('a', 1, { ...resolved, ...reached(baseMs + 999_000) }),
      own('a', 2, { ...resolved, ...reached(baseMs + 100_000, baseMs + 20_000) }),
      own('b', 1, { ...resolved, ...reached(baseMs + 300_000) }),
      // Open again, merged away, and of a release without stages: none of them counts.
      own('c', 1, { ...resolved, ...reached(baseMs + 700_000) }),
      own('c', 2, reached(null)),
      own('d', 1, { ...resolved, ...reached(baseMs + 700_000), alertCount: 0 }),
      own('e', 1, resolved),
    ],
  });
  const range = { fromMs: baseMs - 40 * 86_400_000, toMs: baseMs + 86_400_000 };
  const rows = await store.stageTimes({ tenant, ...range });
  const month = new Date(baseMs).toISOString().slice(0, 7);
  const row = { month, team: 'storage', service: 'db', kind: 'cpu' };
  expect(rows).toEqual([
    { ...row, stage: 'detected', incidents: 2, meanSeconds: 10, p90Seconds: 10 },
    { ...row, stage: 'paged', incidents: 2, meanSeconds: 12, p90Seconds: 12 },
    { ...row, stage: 'recovered', incidents: 2, meanSeconds: 200, p90Seconds: 300 },
    { ...row, stage: 'acknowledged', incidents: 1, meanSeconds: 20, p90Seconds: 20 },
  ]);
  expect(
    await store.stageTimes({ tenant, fromMs: range.toMs + 40 * 86_400_000, toMs: range.toMs + 50 * 86_400_000 }),
  ).toEqual([]);
});

const pay = { kind: 'Deployment', namespace: 'shop', name: 'pay' };

function change(id: string, over: Partial<Change> = {}): Change {
  return {
    id,
    scope,
    source: 'kubernetes',
    kind: 'deploy',
    entities: { service: 'payments', workload: 'pay', namespace: 'shop', cluster: 'east' },
    summary: `${id} changed`,
    actor: 'ann',
    startedAtMs: baseMs,
    endedAtMs: null,
    version: '2',
    previousVersion: '1',
    url: '',
    receivedAtMs: baseMs,
    raw: '',
    cluster: null,
    ...over,
  };
}

function rollout(state: 'progressing' | 'complete', atMs: number): NonNullable<Change['cluster']> {
  return {
    object: pay,
    revision: '4',
    manager: 'argocd',
    commit: 'abc',
    images: [{ container: 'pay', from: 'pay:1', to: 'pay:2' }],
    paths: [{ path: 'spec.replicas', from: null, to: '3' }],
    omittedPaths: 0,
    rollout: { state, reason: '', updated: 1, available: 1, desired: 3, atMs },
  };
}

it('changes come in their last state, each once, latest first, page by page and filtered', async () => {
  const tenant = `${scope.tenant}-changes`;
  const own = (id: string, over: Partial<Change> = {}) => change(id, { ...over, scope: { ...scope, tenant } });
  const begun = own('a', { cluster: rollout('progressing', baseMs + 1) });
  const complete = own('a', { endedAtMs: baseMs + 9, cluster: rollout('complete', baseMs + 9) });
  const other = own('b', { startedAtMs: baseMs + 5, entities: { service: 'web' }, source: 'github' });
  const rows = (changes: readonly Change[]) => ({ table: 'changes' as const, rows: changes.map(changeRow) });
  // The later state comes first and again, as after a restart.
  await insert(rows([complete, other]), rows([begun]), rows([begun, complete, other]));
  const filter = { tenant, fromMs: baseMs, toMs: baseMs + 60_000 };
  const first = await store.listChanges(filter, { size: 1, token: null });
  const second = await store.listChanges(filter, { size: 1, token: first.next });
  expect([first.items, second]).toEqual([[other], { items: [complete], next: null }]);
  const ids = async (more: object) =>
    (await store.listChanges({ ...filter, ...more }, { size: 9, token: null })).items.map(({ id }) => id);
  expect(await ids({ services: ['web'] })).toEqual(['b']);
  expect(await ids({ services: ['pay'] })).toEqual(['a']);
  expect(await ids({ workloads: ['pay', 'shop/pay'], namespace: 'shop', cluster: 'east' })).toEqual(['a']);
  expect(await ids({ objectKind: 'Deployment', objectName: 'pay' })).toEqual(['a']);
  expect(await ids({ rollouts: true, kinds: ['deploy'] })).toEqual(['a']);
  expect(await ids({ source: 'github', ids: ['a'] })).toEqual([]);
  expect(await ids({ environments: ['elsewhere'] })).toEqual([]);
  expect(await ids({ fromMs: baseMs + 1 })).toEqual(['b']);
  await expect(store.listChanges(filter, { size: 1, token: 'nonsense' })).rejects.toMatchObject({
    code: 'STORE_BAD_PAGE_TOKEN',
  });
});

it('faults that ended come in their last version, each time once', async () => {
  const finding = (over: Partial<WorkloadFinding> = {}): WorkloadFinding => ({
    id: 'f',
    scope,
    source: 'kubernetes',
    mechanism: 'secret-missing',
    object: pay,
    field: 'spec.template.spec.containers[pay].env[URL].valueFrom.secretKeyRef',
    target: { kind: 'Secret', namespace: 'shop', name: 'pay-db' },
    targetKey: 'url',
    entities: { service: 'payments', workload: 'pay', namespace: 'shop', cluster: 'east' },
    reason: 'CreateContainerConfigError',
    message: '',
    sinceMs: baseMs,
    endedAtMs: null,
    observedAtMs: baseMs,
    affected: 1,
    total: 3,
    measures: { restarts: 2 },
    changedBy: { changeId: 'a', object: pay, actor: 'ann', atMs: baseMs - 1 },
    ...over,
  });
  const ended = finding({ endedAtMs: baseMs + 60_000, observedAtMs: baseMs + 60_000 });
  const again = finding({ sinceMs: baseMs + 70_000, observedAtMs: baseMs + 70_000 });
  const elsewhere = { ...ended, entities: { ...ended.entities, cluster: 'west' } };
  const rows = (all: readonly WorkloadFinding[]) => ({
    table: 'workload_findings' as const,
    rows: all.map(workloadFindingRow),
  });
  await insert(rows([ended, again]), rows([finding(), elsewhere]), rows([finding(), ended]));
  const filter = { tenant: scope.tenant, cluster: 'east', namespace: 'shop', workloads: ['pay', 'shop/pay'] };
  const range = { endedFromMs: baseMs, endedToMs: baseMs + 3_600_000 };
  expect(await store.listFindings({ ...filter, ...range })).toEqual([ended]);
  expect(await store.listFindings({ ...filter, ...range, endedFromMs: baseMs + 60_001 })).toEqual([]);
  expect(await store.listFindings({ ...filter, ...range, namespace: 'other' })).toEqual([]);
});

it('the history of alerts tells who acted on what, without tests and without members that left', async () => {
  const tenant = `${scope.tenant}-alerts`;
  const stages = { onsetMs: baseMs, detectedMs: baseMs, pagedMs: baseMs, causeNamedMs: null, action: '' };
  const none = { acknowledgedMs: null, actionMs: null, recoveredMs: null };
  const of = (id: string, revision: number, changed: Partial<Incident>, environment = 'prod') =>
    incidentRow(incident(id, revision, { scope: { tenant, environment }, stages: { ...stages, ...none }, ...changed }));
  const memberOf = (id: string, fingerprint: string, membership: 'present' | 'left' = 'present') => ({
    ...member(id, fingerprint, 1),
    scope: { tenant, environment: 'prod' },
    membership,
  });
  const triage = { level: 'page', impact: 'broad', severity: 'critical', reasons: [], atMs: baseMs, text: '' } as const;
  const rows = [
    of('a', 1, { triage }),
    of('a', 2, { triage, stages: { ...stages, ...none, acknowledgedMs: baseMs } }),
    of('b', 1, { triage: null, stages: { ...stages, ...none, pagedMs: null, actionMs: baseMs } }),
    of('test', 1, { triage }, 'faultline-test'),
  ];
  await insert({ table: 'incidents', rows });
  await insert({
    table: 'incident_alerts',
    rows: [memberOf('a', 'f1'), memberOf('a', 'f2', 'left')].map(incidentAlertRow),
  });
  const { incidents, firings, isTruncated } = await store.firingHistory({
    tenant,
    fromMs: baseMs - 1,
    toMs: baseMs + 60_000,
  });
  const flags = { isPaged: true, isAcknowledged: true, isActedOn: false };
  expect(
    [...incidents].sort((x, y) => (x.id < y.id ? -1 : 1)).map((one) => ({ ...one, isPaged: Boolean(one.isPaged) })),
  ).toMatchObject([
    { id: 'a', startedAtMs: baseMs, impact: 'broad', isPaged: true },
    { id: 'b', impact: '', isPaged: false },
  ]);
  const a = incidents.find(({ id }) => id === 'a');
  expect(a === undefined ? null : [Boolean(a.isPaged), Boolean(a.isAcknowledged), Boolean(a.isActedOn)]).toEqual(
    Object.values(flags),
  );
  expect(firings.map(({ incidentId, fingerprint }) => [incidentId, fingerprint])).toEqual([['a', 'f1']]);
  expect(isTruncated).toBe(false);
});
