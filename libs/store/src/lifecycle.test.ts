import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Health, silentLogger } from '@faultline/runtime';
import { expect, it } from 'vitest';
import { storeConfig } from './config.ts';
import { openEmbedded } from './embedded.ts';
import { createStore } from './store.ts';
import { query } from './testing/query.ts';
import { baseMs, crashBatch, openTestStore } from './testing/rows.ts';

it('ping shows whether the store responds, and a stopped store refuses calls', async () => {
  const opened = await openTestStore();
  expect(await opened.store.ping()).toBe(true);
  await opened.close();
  expect(await opened.store.ping()).toBe(false);
  await expect(opened.store.insert([crashBatch(0, baseMs)])).rejects.toMatchObject({ code: 'STORE_CLOSED' });
});

const embeddedOnly = it.runIf(process.env['FAULTLINE_TEST_CLICKHOUSE_URL'] === undefined);
const start = (settings: object) =>
  createStore(storeConfig.parse(settings), { logger: silentLogger, clock: () => baseMs }).start();

embeddedOnly('a folder that another process holds is refused with what to do', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-held-'));
  const script =
    "require('chdb/connection').createChdbConnection({ path: process.argv[1] }); console.log('held'); setInterval(() => {}, 1000)";
  const holder = spawn(process.execPath, ['-e', script, folder], { cwd: import.meta.dirname });
  await once(holder.stdout, 'data');
  await expect(start({ folder })).rejects.toMatchObject({ code: 'STORE_FOLDER_LOCKED', kind: 'permanent' });
  holder.kill();
  await once(holder, 'exit');
  await rm(folder, { recursive: true });
});

embeddedOnly('a folder that cannot be made is refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-file-'));
  const file = join(folder, 'a-file');
  await writeFile(file, '');
  await expect(start({ folder: join(file, 'below') })).rejects.toMatchObject({ code: 'STORE_FOLDER_UNUSABLE' });
  await rm(folder, { recursive: true });
});

it('an installation without the engine says what is missing and what to do', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-engine-'));
  const missing = Object.assign(new Error("Cannot find package 'chdb'"), { code: 'ERR_MODULE_NOT_FOUND' });
  await expect(openEmbedded(folder, () => Promise.reject(missing))).rejects.toMatchObject({
    code: 'STORE_ENGINE_MISSING',
    kind: 'permanent',
    message: expect.stringContaining('store.kind: server'),
    cause: missing,
  });
  await rm(folder, { recursive: true });
});

it('a server that is down does not prevent the start: calls fail at once, and health says why', async () => {
  const health = new Health();
  const config = storeConfig.parse({ kind: 'server', url: 'http://127.0.0.1:1' });
  const { value, stop } = await createStore(config, { logger: silentLogger, clock: () => baseMs, health }).start();
  const unavailable = { code: 'STORE_UNAVAILABLE', kind: 'transient' };
  await expect(value.insert([crashBatch(0, baseMs)])).rejects.toMatchObject(unavailable);
  await expect(value.answerEvidence(query)).rejects.toMatchObject(unavailable);
  expect(await value.ping()).toBe(false);
  expect(health.report().parts['store']).toMatchObject({ ok: false });
  await stop();
  await value.done;
});

it('a server that accepts connections and never responds is given up in time', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const began = performance.now();
  const { stop } = await start({ kind: 'server', url: `http://127.0.0.1:${port}`, requestTimeoutMs: 300 });
  expect(performance.now() - began).toBeLessThan(5_000);
  await stop();
  silent.closeAllConnections();
  silent.close();
});
