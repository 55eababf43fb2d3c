import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { storeConfig } from './config.ts';
import { boundCaches, decideDrops } from './engine-caches.ts';
import { openFor } from './store.ts';

it('a cache over its limit is dropped, another one is not', () => {
  const sizes = [
    { metric: 'MarkCacheBytes', bytes: 11 },
    { metric: 'PrimaryIndexCacheBytes', bytes: 10 },
    { metric: 'Query', bytes: 99 },
  ];
  expect(decideDrops(sizes, 10)).toEqual(['SYSTEM DROP MARK CACHE']);
});

it('the embedded engine drops its marks, and answers as before', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-caches-'));
  const engine = await openFor(storeConfig.parse({ folder }), Date.now);
  await engine.command('CREATE TABLE numbers_kept (a UInt64) ENGINE = MergeTree ORDER BY a');
  await engine.command('INSERT INTO numbers_kept SELECT number FROM numbers(100000)');
  const sum = () => engine.select({ sql: 'SELECT toFloat64(sum(a)) AS sum FROM numbers_kept WHERE a > 9', params: {} });
  const before = await sum();
  expect(await boundCaches(engine, 0)).toContain('SYSTEM DROP MARK CACHE');
  expect(await boundCaches(engine, 0)).toEqual([]);
  expect(await sum()).toEqual(before);
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});
