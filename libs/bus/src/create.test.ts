import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@faultline/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { busConfig } from './config.ts';
import { createBus } from './create.ts';
import { storedTelemetryPartitions } from './embedded/stored-partitions.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-create-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Starts the log, and returns how many partitions of spans it has. */
async function partitionsOf(partitions: { telemetry?: number } = {}): Promise<number> {
  const config = busConfig.parse({ folder, partitions });
  const { value, stop } = await createBus(config, { logger: silentLogger, clock: Date.now }).start();
  const { length } = await value.offsets('spans');
  await stop();
  return length;
}

test('a new embedded log has one partition of telemetry', async () => {
  expect(storedTelemetryPartitions(folder)).toBeNull();
  expect(await partitionsOf()).toBe(1);
  expect(storedTelemetryPartitions(folder)).toBe(1);
});

test('a log that was created with more keeps them without a setting', async () => {
  expect(await partitionsOf({ telemetry: 2 })).toBe(2);
  expect(storedTelemetryPartitions(folder)).toBe(2);
  expect(await partitionsOf()).toBe(2);
});

test('a setting that differs from the log is still refused', async () => {
  await partitionsOf({ telemetry: 2 });
  await expect(partitionsOf({ telemetry: 3 })).rejects.toMatchObject({ code: 'BUS_PARTITIONS_CHANGED' });
});

test('a file that is no log says nothing, and the start names the damage', async () => {
  writeFileSync(join(folder, 'log.sqlite'), 'not a database '.repeat(1_000));
  expect(storedTelemetryPartitions(folder)).toBeNull();
  await expect(partitionsOf()).rejects.toMatchObject({ code: 'BUS_CORRUPT' });
});
