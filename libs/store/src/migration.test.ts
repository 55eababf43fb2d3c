import { expect, it } from 'vitest';
import { columnsOf } from './columns.ts';
import { storeConfig } from './config.ts';
import { openEmbedded } from './embedded.ts';
import { openEngine } from './engine.ts';
import { decidePending, migrate, readMigrations } from './migration.ts';
import { applyRetention, retentionRules } from './retention.ts';
import { baseMs, openTestStore } from './testing/rows.ts';

const files = readMigrations();
const applied = files.map(({ name, checksum }) => ({ name, checksum }));

it('a new store applies every file in the order of names, an old one applies the new files', () => {
  expect(decidePending(files, []).map(({ name }) => name)).toEqual([...files.map(({ name }) => name)].sort());
  expect(decidePending(files, applied.slice(0, -1))).toEqual(files.slice(-1));
  expect(decidePending(files, applied)).toEqual([]);
});

it('a released file that was changed is refused by name', () => {
  const changed = [{ name: '0001_otel_traces.sql', checksum: 'other' }];
  expect(() => decidePending(files, changed)).toThrow(
    expect.objectContaining({ code: 'STORE_MIGRATION_CHANGED', kind: 'permanent' }),
  );
  expect(() => decidePending(files, changed)).toThrow('0001_otel_traces.sql');
});

it('every file creates what is missing or drops what may be gone, so that processes may run it at the same time', () => {
  const harmless =
    /^(--.*\n)*(CREATE (TABLE|MATERIALIZED VIEW|VIEW) IF NOT EXISTS|ALTER TABLE \w+ ADD (COLUMN|INDEX) IF NOT EXISTS|ALTER TABLE \w+ MODIFY COMMENT|DROP VIEW IF EXISTS) /;
  expect(
    files.filter(({ sql }) => !harmless.test(sql) || sql.replace(/--.*/g, '').includes(';')).map(({ name }) => name),
  ).toEqual([]);
});

it('a store of a newer version is refused', () => {
  const newer = [...applied, { name: '9999_future.sql', checksum: 'x' }];
  expect(() => decidePending(files, newer)).toThrow(expect.objectContaining({ code: 'STORE_NEWER' }));
});

it('every file may run again, and every table that takes telemetry deduplicates and syncs', async () => {
  const { folder, close } = await openTestStore({ kind: 'embedded' });
  const connect = await openEmbedded(folder);
  const engine = await openEngine({ openReader: connect, openWriter: connect, readers: 1, writers: 1 });
  for (const { sql } of files) await engine.command(sql);
  expect(await migrate(engine, files, () => baseMs)).toEqual([]);
  const tables = await engine.select<{ name: string; ddl: string }>({
    sql: "SELECT name, create_table_query AS ddl FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' AND name != 'migrations'",
    params: {},
  });
  expect(tables.map(({ name }) => name).sort()).toEqual(
    [...Object.keys(columnsOf), 'metric_periods', 'operation_periods', 'edge_periods'].sort(),
  );
  for (const setting of [
    'non_replicated_deduplication_window = 10000',
    'fsync_after_insert = 1',
    'fsync_part_directory = 1',
  ])
    expect(tables.filter(({ ddl }) => !ddl.includes(setting)).map(({ name }) => name)).toEqual([]);
  await engine.close();
  await close();
});

it('retention follows the configuration, and history has none', async () => {
  const { folder, close } = await openTestStore({ kind: 'embedded' });
  const connect = await openEmbedded(folder);
  const engine = await openEngine({ openReader: connect, openWriter: connect, readers: 1, writers: 1 });
  const config = storeConfig.parse({ rawDays: 3, windowDays: 9 });
  await applyRetention(engine, config);
  const rows = await engine.select<{ name: string; ttl: string }>({
    sql: "SELECT name, extract(create_table_query, 'TTL (.+) SETTINGS') AS ttl FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' AND ttl != ''",
    params: {},
  });
  const byName = (left: { name: string }, right: { name: string }) => left.name.localeCompare(right.name);
  expect([...rows].sort(byName)).toEqual(
    retentionRules(config)
      .map(({ table, ttl }) => ({ name: table, ttl }))
      .sort(byName),
  );
  expect(rows.map(({ name }) => name)).not.toContain('incidents');
  await engine.close();
  await close();
});
