import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@faultline/runtime';
import { expect, it } from 'vitest';
import { storeConfig } from './config.ts';
import { createStore } from './store.ts';
import { baseMs, crashBatch, openTestStore } from './testing/rows.ts';

it('ping tells whether it answers, and a stopped store takes no call', async () => {
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

it('a server that is not there is worth another try', async () => {
  const failing = start({ kind: 'server', url: 'http://127.0.0.1:1' });
  await expect(failing).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', kind: 'transient' });
});
