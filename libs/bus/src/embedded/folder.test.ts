import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError, systemClock } from '@faultline/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { record } from '../../contract/harness.ts';
import { createEmbeddedBus } from './index.ts';
import { temporaryFolder, testOptions } from './testing.ts';

let folder = '';
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const start = (changes: object = {}) => createEmbeddedBus({ ...testOptions(folder, systemClock), ...changes }).start();

async function startError(changes: object = {}): Promise<unknown> {
  const error: unknown = await start(changes).then(
    () => 'started',
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(AppError);
  return error;
}

test('a folder that another process uses is refused, and says which process; it is free once that is killed', async () => {
  const publisher = fileURLToPath(new URL('./crash-publisher.ts', import.meta.url));
  const child = spawn(process.execPath, [publisher, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  expect(await startError()).toMatchObject({
    code: 'BUS_FOLDER_LOCKED',
    kind: 'permanent',
    message: expect.stringContaining(`process ${child.pid}`),
  });
  child.kill('SIGKILL');
  await once(child, 'close');
  await (await start()).stop();
});

test('a folder that this process uses already is refused too, and free after a stop', async () => {
  const first = await start();
  expect(await startError()).toMatchObject({ code: 'BUS_FOLDER_LOCKED' });
  await first.value.publish([record('alerts', 'k', 'still fine')]);
  await first.stop();
  await first.stop();
  await (await start()).stop();
});

test('partition counts other than the folder was created with are refused, and the error names both', async () => {
  await (await start()).stop();
  const error = await startError({ partitions: { scope: 8, telemetry: 2 } });
  expect(error).toMatchObject({
    code: 'BUS_PARTITIONS_CHANGED',
    message: expect.stringMatching(/"scope":4.*"scope":8/),
  });
});

test('a file that the log did not write is refused as damaged', async () => {
  writeFileSync(join(folder, 'log.sqlite'), 'not a database '.repeat(1_000));
  expect(await startError()).toMatchObject({ code: 'BUS_CORRUPT' });
  // The refused start released the folder.
  expect(await startError()).toMatchObject({ code: 'BUS_CORRUPT' });
});

test('a folder that is a file is refused', async () => {
  const path = join(folder, 'file');
  writeFileSync(path, '');
  expect(await startError({ folder: path })).toMatchObject({ code: 'BUS_FOLDER_UNUSABLE' });
});

test('a closed log refuses work with BUS_UNAVAILABLE', async () => {
  const { value: bus, stop } = await start();
  await stop();
  await expect(bus.publish([record('alerts', 'k', 'late')])).rejects.toMatchObject({
    code: 'BUS_UNAVAILABLE',
    kind: 'transient',
  });
  await expect(bus.ping()).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
});
