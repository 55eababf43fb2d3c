/** Runs every query of the dashboards on ClickHouse's engine. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { type Started, silentLogger, systemClock } from '@faultline/runtime';
import { createStore, type Store, storeConfig } from '@faultline/store';
import { createChdbConnection } from 'chdb/connection';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildDashboards, dashboardText } from './dashboard.ts';
import type { ClickHouseQuery } from './panels.ts';
import { infra } from './testing/compose.ts';

const folder = mkdtempSync(join(tmpdir(), 'faultline-dashboard-'));
let store: Started<Store>;
let client: ClickHouseClient;
beforeAll(async () => {
  const config = storeConfig.parse({ folder });
  store = await createStore(config, { logger: silentLogger, clock: systemClock }).start();
  // The package declares this type in two identical copies.
  const connection = createChdbConnection({ path: folder }) as never;
  client = createClient({ connection });
  for (const sql of samples) await client.command({ query: sql });
}, 60_000);
afterAll(async () => {
  await client.close();
  await store.stop();
  rmSync(folder, { recursive: true });
});

/** Recent, because windows expire. The whole minute before the last one. */
const minute = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 60_000).toISOString().slice(0, 17).replace('T', ' ');
const at = `${minute}10`;
const later = `${minute}20`;

/** One row of each queried table. */
const samples = [
  `INSERT INTO operation_windows (Tenant, Environment, WindowStart, Service, Operation, Calls, Errors, Duration)
    VALUES ('t', 'e', '${at}', 'cart', 'GET', 40, 10, map(80, 40))`,
  `INSERT INTO edge_windows (Tenant, Environment, WindowStart, Caller, Callee, Calls, Errors)
    VALUES ('t', 'e', '${at}', 'web', 'cart', 40, 10)`,
  `INSERT INTO alerts (Tenant, Environment, Id, Source, ReceivedAt, StartsAt)
    VALUES ('t', 'e', '1', 'alertmanager', '${at}', '${at}')`,
  `INSERT INTO incidents (Tenant, Environment, IncidentId, Revision, Title, DetectedAt)
    VALUES ('t', 'e', 'i', 1, 'old', '${at}'), ('t', 'e', 'i', 2, 'new', '${at}')`,
  `INSERT INTO presence (Tenant, Environment, Day, Service, LastSpan)
    VALUES ('t', 'e', '${at.slice(0, 10)}', 'cart', '${at}')`,
  `INSERT INTO container_usage (Tenant, Environment, Hour, Namespace, Workload, Container, Pod, Cpu, CpuMax, CpuRequest)
    VALUES ('t', 'e', toStartOfHour(toDateTime('${at}', 'UTC')), 'shop', 'cart', 'app', 'cart-1', map(140, 10), 0.9, 2)`,
  `INSERT INTO workload_findings (Tenant, Environment, Cluster, Id, Mechanism, ObjectName, Since, EndedAt, ObservedAt, Affected, Summary)
    VALUES ('t', 'e', 'c', 'f1', 'secret-missing', 'cart', '${at}', NULL, '${at}', 1, 'old'),
      ('t', 'e', 'c', 'f1', 'secret-missing', 'cart', '${at}', NULL, '${later}', 2, 'new'),
      ('t', 'e', 'c', 'f2', 'secret-missing', 'web', '${at}', '${later}', '${later}', 1, 'over')`,
  `INSERT INTO changes (Tenant, Environment, Id, StartedAt, Cluster, ObjectName, Actor, RolloutState, RolloutAt)
    VALUES ('t', 'e', 'c1', '${at}', 'c', 'cart', 'ann', 'progressing', '${at}'),
      ('t', 'e', 'c1', '${at}', 'c', 'cart', 'ann', 'complete', '${later}'), ('t', 'e', 'c2', '${at}', '', 'x', 'bo', '', '${at}')`,
  `INSERT INTO drift (Tenant, Environment, Id, Cluster, Name, Path, Risk, Since, EndedAt, ObservedAt)
    VALUES ('t', 'e', 'd1', 'c', 'cart', 'spec.replicas', 'high', '${at}', NULL, '${at}'),
      ('t', 'e', 'd2', 'c', 'cart', 'spec.paused', 'low', '${at}', NULL, '${at}'),
      ('t', 'e', 'd2', 'c', 'cart', 'spec.paused', 'low', '${at}', '${later}', '${later}')`,
];

/** Expands the macros of the plugin and the variables of Grafana for that minute. */
function expand(sql: string): string {
  const from = `toDateTime('${minute}00', 'UTC')`;
  const to = `toDateTime('${minute}59', 'UTC')`;
  return sql
    .replaceAll(/\$__timeFilter\((\w+)\)/g, (_, column) => `${column} >= ${from} AND ${column} <= ${to}`)
    .replaceAll(
      /\$__timeInterval\((\w+)\)/g,
      (_, column) => `toStartOfInterval(toDateTime(${column}), INTERVAL 10 second)`,
    )
    .replaceAll('$__interval_s', '10')
    .replaceAll('$__fromTime', from)
    .replaceAll('$tenant', 't')
    .replaceAll('$environment', 'e');
}

async function rows(sql: string): Promise<readonly Record<string, unknown>[]> {
  const answer = await client.query({ query: expand(sql), format: 'JSONEachRow' });
  return answer.json<Record<string, unknown>>();
}

const panels = buildDashboards()
  .flatMap(({ dashboard }) => dashboard.panels ?? [])
  .map((panel) => panel as { title?: string; targets?: object[] });
const queries = panels.flatMap(({ title = '', targets = [] }) =>
  targets.map((target) => ({ title, ...(target as ClickHouseQuery) })),
);

it.each(queries)('$title', async ({ rawSql, queryType }) => {
  expect(rawSql).toContain("Tenant = '$tenant' AND Environment = '$environment'");
  const [row, ...others] = await rows(rawSql);
  expect(others).toEqual([]);
  if (queryType === 'timeseries') expect(row?.['time']).toContain(at);
});

it('reads rates, shares, durations and the last revision', async () => {
  const of = async (title: string) => rows(queries.find((query) => query.title.startsWith(title))?.rawSql ?? '');
  expect(await of('Calls of')).toMatchObject([{ calls: 4 }]);
  expect(await of('Share')).toMatchObject([{ errors: 0.25 }]);
  expect(await of('Incidents')).toMatchObject([{ title: 'new', revision: 2 }]);
  // Bucket 80 holds 1024 to 1117 microseconds.
  expect(Number((await of('Duration'))[0]?.['p95'])).toBeCloseTo(1.07, 2);
});

it('its variables list the services in the store', async () => {
  for (const { dashboard } of buildDashboards())
    for (const { query } of dashboard.templating?.list ?? []) await expect(rows(String(query))).resolves.toBeDefined();
});

it('shows the last state of a fault, a change and a drift, and none that ended', async () => {
  const of = async (title: string) => rows(queries.find((query) => query.title.startsWith(title))?.rawSql ?? '');
  expect(await of('Present faults')).toMatchObject([{ name: 'cart', summary: 'new', affected: 2 }]);
  expect(await of('New faults')).toMatchObject([{ mechanism: 'secret-missing', faults: 2 }]);
  expect(await of('Changes of objects')).toMatchObject([{ name: 'cart', rollout: 'complete', actor: 'ann' }]);
  expect(await of('Drift')).toMatchObject([{ name: 'cart', path: 'spec.replicas', risk: 'high' }]);
});

it('the files in the repository are up to date and use the provisioned data source', () => {
  for (const { file, dashboard } of buildDashboards())
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(dashboardText(dashboard)));
  const provisioned = readFileSync(join(infra, 'grafana/provisioning/datasources/clickhouse.yaml'), 'utf8');
  for (const { datasource } of queries) expect(provisioned).toContain(`uid: ${datasource.uid}`);
});
