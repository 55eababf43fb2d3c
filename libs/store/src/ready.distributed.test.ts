/** The start with a server that refuses, is down, or comes back with other tables. */

import { Health, silentLogger } from '@faultline/runtime';
import { type ClickHouse, startClickHouse } from '@faultline/servers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { storeConfig } from './config.ts';
import { createStore } from './store.ts';
import { baseMs, crashBatch } from './testing/rows.ts';

let server: ClickHouse;
beforeAll(async () => {
  server = await startClickHouse();
});
afterAll(() => server.remove());

const start = (settings: object = {}, health = new Health()) =>
  createStore(storeConfig.parse({ kind: 'server', url: server.url, retryMaxMs: 200, ...settings }), {
    logger: silentLogger,
    clock: Date.now,
    health,
  }).start();

it('a server that refuses the user, or lacks the database, stops the start', async () => {
  await expect(start({ user: 'nobody' })).rejects.toMatchObject({ code: 'STORE_DENIED', kind: 'permanent' });
  await expect(start({ database: 'none' })).rejects.toMatchObject({ code: 'STORE_REJECTED', kind: 'permanent' });
});

it('a server that comes back is made ready, and calls succeed from then on', async () => {
  await server.kill();
  const health = new Health();
  const { value: store, stop } = await start({}, health);
  await expect(store.insert([crashBatch(0, baseMs)])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await server.start();
  await store.done;
  await store.insert([crashBatch(0, baseMs)]);
  expect(health.report().parts['store']).toMatchObject({ ok: true });
  await stop();
});

it('a server that comes back with tables of a newer version is a permanent error', async () => {
  const body = "INSERT INTO migrations VALUES ('9999_future.sql', 'x', now64(3))";
  await fetch(server.url, { method: 'POST', body });
  await server.kill();
  const { value: store, stop } = await start();
  await server.start();
  await expect(store.done).rejects.toMatchObject({ code: 'STORE_NEWER' });
  await stop();
});
