/**
 * Migrations: the files of sql/, each applied once, in the order of their names. An applied file must not change, not
 * even a comment, because its checksum is stored.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { contentId } from '@faultline/model';
import type { Clock } from '@faultline/runtime';
import type { Engine } from './engine.ts';
import { droppedBy } from './layout/cluster.ts';
import { furtherSettings, type Layout, singleLayout } from './layout/layout.ts';
import { storeError } from './translate-error.ts';

export interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

interface Applied {
  readonly name: string;
  readonly checksum: string;
}

/** Reads the migrations of a folder, in order. */
export function readMigrations(folder: URL = new URL('../sql/', import.meta.url)): readonly Migration[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => {
      const sql = readFileSync(new URL(name, folder), 'utf8');
      return { name, sql, checksum: contentId(sql) };
    });
}

/**
 * Returns the migrations to apply. Throws STORE_MIGRATION_CHANGED or STORE_NEWER when the applied ones do not match the
 * files.
 */
export function decidePending(files: readonly Migration[], applied: readonly Applied[]): readonly Migration[] {
  const known = new Map(files.map((file) => [file.name, file.checksum]));
  for (const { name, checksum } of applied) {
    const current = known.get(name);
    if (current === undefined) throw storeError('STORE_NEWER', 'permanent', ` Migration: ${name}`);
    if (current !== checksum) throw storeError('STORE_MIGRATION_CHANGED', 'permanent', ` Migration: ${name}`);
  }
  const done = new Set(applied.map(({ name }) => name));
  return files.filter(({ name }) => !done.has(name));
}

/** The table of applied migrations; it is laid out like the others. */
export const migrationsTable = `CREATE TABLE IF NOT EXISTS migrations (Name String, Checksum String, AppliedAt DateTime64(3, 'UTC'))
ENGINE = ReplacingMergeTree ORDER BY Name SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`;

const note = (layout: Layout) =>
  `INSERT INTO migrations (Name, Checksum, AppliedAt) SETTINGS async_insert = 0${furtherSettings(layout.insertSettings)} FORMAT JSONCompactEachRow`;

/**
 * Applies pending migrations and records them at the end; all of them when a table is gone. Every file may run again, and concurrently with itself (a
 * test checks it). So a crash before recording, or several processes starting at once, is harmless, and no lock is
 * needed. Returns the names.
 */
export async function migrate(
  engine: Engine,
  files: readonly Migration[],
  clock: Clock,
  layout: Layout = singleLayout,
): Promise<readonly string[]> {
  for (const statement of layout.statements(migrationsTable)) await engine.command(statement);
  const applied = await engine.select<Applied>({
    sql: 'SELECT Name AS name, Checksum AS checksum FROM migrations FINAL ORDER BY Name',
    params: {},
  });
  const decided = decidePending(files, applied);
  // A table that was damaged and set aside is created anew, and so is everything that changes it.
  const pending = (await hasLostTable(engine, files, decided)) ? files : decided;
  if (pending.length === 0) return [];
  for (const { sql } of pending) for (const statement of layout.statements(sql)) await engine.command(statement);
  const atSecond = (clock() / 1000).toFixed(3);
  await engine.insert(
    note(layout),
    pending.map(({ name, checksum }) => JSON.stringify([name, checksum, atSecond])).join('\n'),
  );
  return pending.map(({ name }) => name);
}

const creation = /^CREATE (?:TABLE|MATERIALIZED VIEW|VIEW) IF NOT EXISTS (\w+)/m;

/** Whether something that an applied migration created does not exist. */
async function hasLostTable(
  engine: Pick<Engine, 'select'>,
  files: readonly Migration[],
  pending: readonly Migration[],
): Promise<boolean> {
  const rows = await engine.select<{ name: string }>({
    sql: 'SELECT name FROM system.tables WHERE database = currentDatabase()',
    params: {},
  });
  const existing = new Set([...rows.map(({ name }) => name), ...files.flatMap(({ sql }) => droppedBy(sql))]);
  return files.some((file) => {
    const name = creation.exec(file.sql)?.[1];
    return name !== undefined && !existing.has(name) && !pending.includes(file);
  });
}
