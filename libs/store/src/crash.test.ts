import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { silentLogger } from '@faultline/runtime';
import { expect, it } from 'vitest';
import { storeConfig } from './config.ts';
import { openEmbedded } from './embedded.ts';
import { openEngine } from './engine.ts';
import { readMigrations } from './migration.ts';
import { createStore } from './store.ts';
import { baseMs, crashBatch, openTestStore } from './testing/rows.ts';
import { withWindows } from './testing/with-windows.ts';

/** Starts a writer on the folder and kills it once it has reported so many batches. Returns the last reported one. */
async function writeUntilKilled(folder: string, batches: number): Promise<number> {
  const writer = spawn(process.execPath, [join(import.meta.dirname, 'crash-writer.ts'), folder, String(baseMs)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let last = -1;
  for await (const line of createInterface({ input: writer.stdout })) {
    last = Number(line);
    if (last >= batches) writer.kill('SIGKILL');
  }
  if (writer.exitCode === null && writer.signalCode === null) await once(writer, 'exit');
  return last;
}

it('after kill -9 every reported batch is there, and repeating everything counts nothing twice', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-crash-'));
  let last = 0;
  for (const batches of [3, 7]) last = Math.max(last, await writeUntilKilled(folder, batches));
  expect(last).toBeGreaterThanOrEqual(7);
  const config = storeConfig.parse({ folder });
  const { value: store, stop } = await createStore(config, { logger: silentLogger, clock: Date.now }).start();
  const scope = { scope: { tenant: 'crash', environment: 'e' } };
  const calls = async () => (await store.graph(scope, { fromMs: baseMs, toMs: baseMs + 60_000 })).services[0]?.calls;
  expect(await calls()).toBeGreaterThanOrEqual((last + 1) * 50);
  // One more batch than reported may have been written; the repeat covers it, like a recorder's stored checkpoint.
  for (let number = 0; number <= last + 1; number++) await store.insert(withWindows([crashBatch(number, baseMs)]));
  expect(await calls()).toBe((last + 2) * 50);
  await stop();
  await rm(folder, { recursive: true });
}, 90_000);

it('windows whose periods were lost between table and view get them from the repeat', async () => {
  const { store, folder, close } = await openTestStore({ kind: 'embedded' });
  const connect = await openEmbedded(folder);
  const engine = await openEngine({ openReader: connect, openWriter: connect, readers: 1, writers: 1 });
  const view = readMigrations().find(({ name }) => name.includes('operation_periods_view'))?.sql ?? '';
  await engine.command('DROP VIEW operation_periods_view');
  await store.insert([crashBatch(0, baseMs)]);
  await engine.command(view);
  const periods = () => engine.select({ sql: 'SELECT sum(Calls) AS calls FROM operation_periods', params: {} });
  expect(await periods()).toEqual([{ calls: 0 }]);
  await store.insert([crashBatch(0, baseMs)]);
  expect(await periods()).toEqual([{ calls: 50 }]);
  const windows = 'SELECT sum(Calls) AS calls, (SELECT count() FROM otel_traces) AS raw FROM operation_windows';
  expect(await engine.select({ sql: windows, params: {} })).toEqual([{ calls: 50, raw: 50 }]);
  await engine.close();
  await close();
});
