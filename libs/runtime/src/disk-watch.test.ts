import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createDiskWatch, isDiskFull } from './disk-watch.ts';
import { Health } from './health.ts';
import { silentLogger } from './log.ts';

/** A disk that tests fill. */
function watchedDisk() {
  let isFull = false;
  let looked = () => {};
  const health = new Health();
  const watch = createDiskWatch({
    part: 'bus-disk',
    holds: 'the log',
    folder: '/data/log',
    logger: silentLogger,
    health,
    everyMs: 1,
    isFull: () => {
      looked();
      return isFull;
    },
  });
  const nextLook = () =>
    new Promise<void>((resolve) => {
      looked = () => setImmediate(resolve);
    });
  return {
    watch,
    nextLook,
    status: () => health.report().parts['bus-disk'],
    fill: (full: boolean) => {
      isFull = full;
    },
  };
}

it('health names the folder while the disk is full, and nothing when it has room again', async () => {
  const { watch, nextLook, status, fill } = watchedDisk();
  fill(true);
  watch.failed();
  expect(status()).toMatchObject({
    ok: false,
    detail: expect.stringContaining('/data/log, which holds the log, is full'),
  });
  await nextLook();
  expect(status()?.ok).toBe(false);
  fill(false);
  await nextLook();
  expect(status()).toBeUndefined();
});

it('a write that fails for another reason says nothing about the disk', () => {
  const { watch, status } = watchedDisk();
  watch.failed();
  expect(status()).toBeUndefined();
});

it('what the disk itself refused counts before anybody looks, and a stop ends it', () => {
  const { watch, status } = watchedDisk();
  watch.full();
  expect(status()?.ok).toBe(false);
  watch.stop();
  expect(status()).toBeUndefined();
});

it('a folder with room is not full, and nothing is left in it; one that is missing is not full either', () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-room-'));
  expect(isDiskFull(folder)).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
  expect(isDiskFull(folder)).toBe(false);
});
