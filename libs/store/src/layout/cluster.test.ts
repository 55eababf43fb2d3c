import { afterAll, beforeAll, expect, it } from 'vitest';
import { columnsOf } from '../columns.ts';
import { storeConfig } from '../config.ts';
import { openEmbedded } from '../embedded.ts';
import { type Engine, openEngine } from '../engine.ts';
import { insertStatement } from '../insert.ts';
import { migrationsTable, readMigrations } from '../migration.ts';
import { openTestStore, type TestStore } from '../testing/rows.ts';
import { shardedBy } from './cluster.ts';
import { furtherSettings, layoutOf, singleLayout } from './layout.ts';

const files = [{ name: 'migrations', sql: migrationsTable }, ...readMigrations()];
const { cluster } = storeConfig.parse({ cluster: { name: 'windows' } });
const layout = layoutOf({ kind: 'server', cluster });
const statements = files.flatMap(({ sql }) => layout.statements(sql));

it('all statements for a cluster', async () => {
  await expect(`${statements.join(';\n\n')};\n`).toMatchFileSnapshot('snapshots/cluster.sql');
  await expect(
    `${insertStatement('otel_logs', ['Timestamp'], 'logs/0/1-2', layout)}\nSELECT 1 SETTINGS max_threads = 1${furtherSettings(layout.selectSettings)}\n`,
  ).toMatchFileSnapshot('snapshots/cluster-settings.sql');
});

it('without a cluster every statement is the file, to the byte', () => {
  const { cluster: none } = storeConfig.parse({});
  for (const kind of ['embedded', 'server'] as const)
    expect(files.flatMap(({ sql }) => layoutOf({ kind, cluster: none }).statements(sql))).toEqual(
      files.map(({ sql }) => sql),
    );
  expect(layoutOf({ kind: 'server', cluster: none })).toBe(singleLayout);
  expect(insertStatement('otel_logs', ['Timestamp'], 't')).toBe(
    insertStatement('otel_logs', ['Timestamp'], 't', singleLayout),
  );
});

it('every table that is written from outside has a shard for each row, by columns that it has', () => {
  expect(Object.keys(shardedBy).sort()).toEqual([...Object.keys(columnsOf), 'migrations'].sort());
  for (const [table, columns] of Object.entries(columnsOf))
    expect(Object.keys(columns)).toEqual(expect.arrayContaining([...(shardedBy[table] ?? [])]));
});

it('rows that replace one another are on one shard: the sharding columns are part of the key', () => {
  for (const { sql } of files) {
    const name = /CREATE TABLE IF NOT EXISTS (\w+)/.exec(sql)?.[1] ?? '';
    const key = /ENGINE = ReplacingMergeTree[^\n]*\s+ORDER BY \(?([\w, ]+?)\)?\s+SETTINGS/.exec(sql)?.[1]?.split(', ');
    if (key !== undefined) expect(key, name).toEqual(expect.arrayContaining([...(shardedBy[name] ?? ['none'])]));
  }
});

let opened: TestStore;
let engine: Engine;
beforeAll(async () => {
  opened = await openTestStore({ kind: 'embedded' });
  const connect = await openEmbedded(opened.folder);
  engine = await openEngine({ openReader: connect, openWriter: connect, readers: 1, writers: 1 });
}, 60_000);
afterAll(async () => {
  await engine.close();
  await opened.close();
});

it('the engine reads every statement, and finds in it the cluster, the replicated engine and the local tables', async () => {
  const parsed = await engine.select<{ sql: string }>({
    sql: 'SELECT formatQuery(arrayJoin({statements:Array(String)})) AS sql',
    params: { statements },
  });
  expect(parsed).toHaveLength(statements.length);
  for (const { sql } of parsed) {
    expect(sql).toMatch(/ ON CLUSTER windows\b/);
    expect(sql).toMatch(
      /ENGINE = Replicated\w*MergeTree\('\/clickhouse\/tables\/\{shard\}|ENGINE = Distributed\('windows'|FROM \w+_local AS |^ALTER TABLE \w+ ON CLUSTER windows\s|^DROP (?:TABLE|VIEW) IF EXISTS \w+ ON CLUSTER windows\b|^CREATE VIEW IF NOT EXISTS \w+ ON CLUSTER windows\s[\s\S]*FROM (incidents|container_usage)\s/,
    );
  }
});
