/** Several processes that start at once on an empty server. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import { afterAll, expect, inject, it } from 'vitest';
import { readMigrations } from './migration.ts';
import { baseMs } from './testing/rows.ts';

const url = inject('clickhouse');
const client = createClient({ url });
const databases: string[] = [];
afterAll(async () => {
  for (const name of databases) await client.command({ query: `DROP DATABASE ${name}` });
  await client.close();
});

async function emptyDatabase(name: string): Promise<string> {
  const database = `${name}_${process.pid}`;
  databases.push(database);
  await client.command({ query: `CREATE DATABASE ${database}` });
  return database;
}

function startProcess(database: string) {
  const script = join(import.meta.dirname, 'testing/start-child.ts');
  const child = spawn(process.execPath, [script, url, database, String(baseMs)], { stdio: 'ignore' });
  return { child, exit: once(child, 'exit').then(([code, signal]) => code ?? signal) };
}

async function rows<Row>(database: string, query: string): Promise<readonly Row[]> {
  const result = await client.query({ query, query_params: { database }, format: 'JSONEachRow' });
  return result.json<Row>();
}

const countTables = async (database: string) =>
  Number(
    (
      await rows<{ n: string }>(database, 'SELECT count() AS n FROM system.tables WHERE database = {database:String}')
    )[0]?.n,
  );

/** Everything that migrations create, independent of the database's name. */
async function schemaOf(database: string): Promise<readonly string[]> {
  const query = 'SELECT create_table_query AS ddl FROM system.tables WHERE database = {database:String} ORDER BY name';
  const tables = await rows<{ ddl: string }>(database, query);
  return tables.map(({ ddl }) => ddl.replaceAll(database, 'db').replace(/UUID '[^']+'/g, ''));
}

it('six processes start at once, one of them is killed midway: all others are ready, and the tables are those of one', async () => {
  const alone = await emptyDatabase('alone');
  expect(await startProcess(alone).exit).toBe(0);

  const shared = await emptyDatabase('shared');
  const [killed, ...others] = Array.from({ length: 6 }, () => startProcess(shared));
  while ((await countTables(shared)) < 3);
  killed?.child.kill('SIGKILL');
  expect(await countTables(shared)).toBeLessThan(readMigrations().length);
  expect(await Promise.all(others.map(({ exit }) => exit))).toEqual([0, 0, 0, 0, 0]);
  expect(await killed?.exit).toBe('SIGKILL');

  expect(await schemaOf(shared)).toEqual(await schemaOf(alone));
  const noted = await rows<{ name: string }>(
    shared,
    `SELECT Name AS name FROM ${shared}.migrations FINAL ORDER BY name`,
  );
  expect(noted.map(({ name }) => name)).toEqual(readMigrations().map(({ name }) => name));
  // They wrote the same named batch, some while others were still creating tables.
  const sums = `SELECT toUInt32(sum(Calls)) AS calls, (SELECT toUInt32(count()) FROM ${shared}.otel_traces) AS raw FROM ${shared}.operation_windows`;
  expect(await rows(shared, sums)).toEqual([{ calls: 50, raw: 50 }]);
}, 120_000);
