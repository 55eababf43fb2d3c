import { expect, it } from 'vitest';
import type { Statement } from '../engine.ts';
import { insertStatement } from '../insert.ts';
import { membershipsStatement, transitionsStatement } from './alert-history.ts';
import { alertSearchStatement } from './alert-search.ts';
import { changesStatement } from './changes.ts';
import { childrenStatement } from './children.ts';
import { seriesLabelsStatement } from './chosen-series.ts';
import { edgeKeysStatement, edgesStatement } from './edges.ts';
import { healthStatements } from './entity-health.ts';
import { farPastStatement } from './far-past.ts';
import { findingsStatement } from './findings.ts';
import { alertedIncidentsStatement, alertFiringsStatement } from './firing-history.ts';
import { declaredEdgesStatement, graphEdgesStatement, graphServicesStatement } from './graph.ts';
import { incidentAlertsStatement } from './incident-alerts.ts';
import { incidentsStatement, revisionStatement } from './incidents.ts';
import { operationKeysStatement, operationsStatement } from './operations.ts';
import { pageToken } from './page.ts';
import { pastIncidentsStatement } from './past-incidents.ts';
import { presenceStatement, watermarksStatement } from './presence.ts';
import { seriesStatement } from './series.ts';
import { templatesStatement } from './templates.ts';
import { callsStatement, erringStatement } from './whole.ts';

const scope = { tenant: 'acme', environment: 'prod' };
const query = {
  id: 'q',
  incidentId: 'i',
  scope,
  askedAtMs: 90_000,
  deadlineMs: 95_000,
  slices: [
    { fromMs: 0, toMs: 60_000 },
    { fromMs: 60_000, toMs: 90_000 },
  ],
  series: { fromMs: 30_000, toMs: 90_000, stepMs: 5_000 },
  seriesHistory: { fromMs: 0, toMs: 30_000 },
};
/** Of a part of a large system, with a slice long enough for whole periods. */
const long = {
  ...query,
  slices: [{ fromMs: 0, toMs: 900_000 }],
  around: {
    services: ['cart', 'db'],
    near: ['cart'],
    callees: ['cart', 'db', 'silent'],
    exporters: ['machine'],
    nodes: ['n1'],
  },
};
const telling = { ...query, series: { ...query.series, metrics: 'cpu|mem' } };
const budget = { maxMs: 4_500 };
const range = { fromMs: 0, toMs: 3_600_000 };
const health = healthStatements({ scope, service: 'cart', range }, budget);

const statements: Readonly<Record<string, Statement>> = {
  operations: operationsStatement(query, 'instances', budget),
  'operations-merged': operationsStatement(query, 'services', budget),
  'operation-keys': operationKeysStatement(query, budget),
  edges: edgesStatement(query, 'instances', budget),
  'edge-keys': edgeKeysStatement(query, budget),
  templates: templatesStatement(query, budget),
  children: childrenStatement(query, budget),
  series: seriesStatement({ ...telling, chosen: { metrics: ['cpu'], tooMany: false } }, budget),
  'series-labels': seriesLabelsStatement(telling, budget),
  'far-past': farPastStatement({ ...telling, chosen: { metrics: ['cpu'], tooMany: false } }, budget),
  'operations-around': operationsStatement(long, 'near', budget),
  'edges-around': edgesStatement(long, 'near', budget),
  'series-around': seriesStatement({ ...long, chosen: { metrics: ['cpu'], tooMany: true } }, budget),
  'far-past-around': farPastStatement({ ...long, chosen: { metrics: ['cpu'], tooMany: true } }, budget),
  calls: callsStatement(query, budget),
  erring: erringStatement(query, budget),
  presence: presenceStatement(query, budget),
  watermarks: watermarksStatement(query, budget),
  'past-incidents': pastIncidentsStatement(query, budget),
  'alerted-incidents': alertedIncidentsStatement({ tenant: 'acme', fromMs: 1, toMs: 2 }, budget),
  'alert-firings': alertFiringsStatement({ tenant: 'acme', fromMs: 1, toMs: 2 }, budget),
  'incidents-all': incidentsStatement({ tenant: 'acme' }, { size: 50, token: null }, budget),
  'incidents-filtered': incidentsStatement(
    { tenant: 'acme', environments: ['prod'], statuses: ['open'], service: 'cart', fromMs: 1, toMs: 2 },
    { size: 50, token: pageToken(5, 'i') },
    budget,
  ),
  'incident-revision': revisionStatement({ tenant: 'acme', incidentId: 'i', revision: 3 }, budget),
  'incident-latest': revisionStatement({ tenant: 'acme', incidentId: 'i', revision: null }, budget),
  'incident-alerts': incidentAlertsStatement({ tenant: 'acme', incidentId: 'i' }, { size: 9_999, token: null }, budget),
  'alert-transitions': transitionsStatement({ tenant: 'acme', source: '', fingerprint: 'f' }, budget),
  'alert-memberships': membershipsStatement({ tenant: 'acme', source: 'grafana', fingerprint: 'f' }, budget),
  'alert-search': alertSearchStatement({ tenant: 'acme', text: 'Slow', sinceMs: 5_000 }, budget),
  'changes-all': changesStatement({ tenant: 'acme', fromMs: 1, toMs: 2 }, { size: 50, token: null }, budget),
  'changes-filtered': changesStatement(
    {
      tenant: 'acme',
      fromMs: 1,
      toMs: 2,
      environments: ['prod'],
      ids: ['c1'],
      cluster: 'east',
      namespace: 'shop',
      services: ['cart'],
      workloads: ['cart', 'shop/cart'],
      objectKind: 'Deployment',
      objectName: 'cart',
      kinds: ['deploy'],
      source: 'kubernetes',
      rollouts: true,
    },
    { size: 50, token: pageToken(5, 'i') },
    budget,
  ),
  findings: findingsStatement(
    { tenant: 'acme', cluster: 'east', namespace: 'shop', workloads: ['cart'], endedFromMs: 1, endedToMs: 2 },
    budget,
  ),
  'graph-edges': graphEdgesStatement({ scope }, range, budget),
  'graph-services': graphServicesStatement({ scope }, range, budget),
  'graph-declared': declaredEdgesStatement({ scope }, budget),
  'health-points': health.points,
  'health-instances': health.instances,
  'health-operations': health.operations,
  insert: { sql: insertStatement('otel_logs', ['Timestamp', 'Events.Name'], "spans/0/1-2'\\"), params: {} },
};

it.each(Object.entries(statements))('%s', async (name, { sql, params }) => {
  const comment = `-- ${JSON.stringify(params)}\n`;
  await expect(`${comment}${sql}\n`).toMatchFileSnapshot(`snapshots/${name}.sql`);
});

it.each(Object.entries(statements).filter(([name]) => name !== 'insert'))(
  '%s is bounded, and holds no value of its caller',
  (_name, { sql }) => {
    expect(sql).toMatch(/\nLIMIT (\d+|\{limit:UInt32\})\n/);
    expect(sql).toContain('max_execution_time = 5');
    expect(sql).not.toMatch(/acme|'prod'|'cart'/);
  },
);
