/**
 * The tables of a cluster on two real servers, one shard each. The test servers have no Keeper, so only `ON CLUSTER`
 * and replication are removed from the statements.
 */

import { type Started, silentLogger } from '@faultline/runtime';
import { type ClickHouse, freePorts, startClickHouse } from '@faultline/servers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { storeConfig } from '../config.ts';
import { migrationsTable, readMigrations } from '../migration.ts';
import type { Store } from '../port.ts';
import { type Batch, noCalls } from '../rows.ts';
import { openFor, startStore } from '../store.ts';
import { query } from '../testing/query.ts';
import { baseMs, gauge, openTestStore, type TestStore, tenant, trace } from '../testing/rows.ts';
import { withWindows } from '../testing/with-windows.ts';
import { layoutOf } from './layout.ts';

const name = 'windows';
const servers: ClickHouse[] = [];
const stores: Started<Store>[] = [];
let alone: TestStore;

const laidOut = layoutOf({ kind: 'server', cluster: storeConfig.parse({ cluster: { name } }).cluster });
const withoutKeeper = (sql: string) =>
  sql
    .replace(` ON CLUSTER \`${name}\``, '')
    .replace(/Replicated(\w*MergeTree)\('[^']+', '[^']+'(?:, )?/, '$1(')
    .replace(
      'replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800',
      'non_replicated_deduplication_window = 10000',
    );
const layout = {
  ...laidOut,
  onCluster: '',
  statements: (sql: string) => laidOut.statements(sql).map(withoutKeeper),
};

beforeAll(async () => {
  const shardPorts = await freePorts(2);
  for (const shard of [1, 2]) servers.push(await startClickHouse({ place: { name, shardPorts, shard } }));
  const configs = servers.map(({ url }) => storeConfig.parse({ kind: 'server', url }));
  for (const config of configs) {
    const engine = await openFor(config, Date.now);
    for (const { sql } of [{ sql: migrationsTable }, ...readMigrations()])
      for (const statement of layout.statements(sql)) await engine.command(statement);
    await engine.close();
  }
  for (const config of configs)
    stores.push(
      await startStore(await openFor(config, Date.now), { config, layout, logger: silentLogger, clock: Date.now }),
    );
  alone = await openTestStore({ kind: 'embedded' });
}, 60_000);
afterAll(async () => {
  for (const store of stores) await store.stop();
  for (const server of servers) await server.remove();
  await alone.close();
});

/** Spans and points of twenty services, which fall on both shards. */
const names = Array.from({ length: 20 }, (_, index) => `service-${index}`);
const batches = (token: string): readonly Batch[] => [
  { table: 'otel_traces', token, rows: names.map((ServiceName, at) => trace(baseMs + at, { ServiceName })) },
  {
    table: 'otel_metrics_gauge',
    token,
    rows: names.map((ServiceName, at) => gauge(baseMs + 400_000 + at, { ServiceName })),
  },
  {
    table: 'operation_windows',
    token,
    rows: names.map((Service) => ({
      Tenant: tenant,
      Environment: 'e',
      WindowStart: baseMs,
      Service,
      Instance: 'cart-1',
      Operation: 'GET /cart',
      Kind: 'server',
      Version: '1',
      ...noCalls,
      SettledCalls: 1,
      OwnErrors: 0,
      Self: [[4, 1]],
    })),
  },
];
const at = (index: number) => stores[index]?.value as Store;

it('a batch repeated through another server counts once, on every shard', async () => {
  await at(0).insert(withWindows(batches('spans/0/1-2')));
  await at(1).insert(withWindows(batches('spans/0/1-2')));
  await at(1).insert(withWindows(batches('spans/0/3-4')));
  for (const cut of ['spans/0/1-2', 'spans/0/3-4']) await alone.store.insert(batches(cut));
  const expected = await alone.store.answerEvidence(query);
  expect(expected.operations.map(({ calls, settledCalls }) => [calls, settledCalls])).toEqual(names.map(() => [2, 2]));
  expect(expected.series).toHaveLength(names.length);
  for (const index of [0, 1]) expect(await at(index).answerEvidence(query)).toEqual(expected);
});

it('rows lie on both shards, and the two halves of a window on the same', async () => {
  const [first, second] = await Promise.all(
    servers.map(async ({ url }) => {
      const query =
        'SELECT Service, toUInt32(sum(Calls)), toUInt32(sum(SettledCalls)) FROM operation_windows_local GROUP BY Service ORDER BY Service FORMAT JSONCompactEachRow';
      const text = await (await fetch(url, { method: 'POST', body: query })).text();
      return text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as [string, number, number]);
    }),
  );
  expect([...(first ?? []), ...(second ?? [])].sort(([a], [b]) => (a < b ? -1 : 1))).toEqual(
    [...names].sort().map((service) => [service, 2, 2]),
  );
  expect(Math.min(first?.length ?? 0, second?.length ?? 0)).toBeGreaterThan(3);
});

it('a batch that only one shard accepted is completed by its repeat', async () => {
  await servers[1]?.kill();
  await expect(at(0).insert(withWindows(batches('spans/0/5-6')))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await servers[1]?.start();
  await at(0).insert(withWindows(batches('spans/0/5-6')));
  await alone.store.insert(batches('spans/0/5-6'));
  expect(await at(1).answerEvidence(query)).toEqual(await alone.store.answerEvidence(query));
}, 60_000);
