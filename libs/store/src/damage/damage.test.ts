/** Damage in the embedded engine's folder. A server's folder is not ours. */
import {
  closeSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Health, silentLogger } from '@faultline/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StoreConfig } from '../config.ts';
import { storeConfig } from '../config.ts';
import { hasLock } from '../folder-holder.ts';
import type { Store } from '../port.ts';
import { createStore, openFor } from '../store.ts';
import { baseMs, crashBatch } from '../testing/rows.ts';
import { openTestClient } from '../testing/select.ts';
import { withWindows } from '../testing/with-windows.ts';
import { type DamagedPart, rangeOf } from './parts.ts';
import { DamageWatch } from './watch.ts';

const day = 24 * 60 * 60_000;
const dayOf = Math.floor(baseMs / day) * day;
const rowsPerBatch = 50;

describe('the embedded store', { timeout: 120_000 }, () => {
  let config: StoreConfig;
  let health: Health;
  let damaged: DamagedPart[];
  beforeEach(() => {
    config = storeConfig.parse({ folder: mkdtempSync(join(tmpdir(), 'faultline-damage-')) });
    health = new Health();
    damaged = [];
  });
  afterEach(() => rmSync(config.folder, { recursive: true, force: true }));

  /** Starts a store, collects what it sets aside, and stops it when `work` is done. */
  async function withStore(work: (store: Store) => Promise<void>): Promise<void> {
    const { value, stop } = await createStore(config, { logger: silentLogger, clock: Date.now, health }).start();
    value.onDamaged((part) => damaged.push(part));
    try {
      await work(value);
    } finally {
      await stop();
    }
  }

  /** Three batches, each a part of its own. */
  const fill = () =>
    withStore(async (store) => {
      for (const number of [0, 1, 2]) await store.insert([crashBatch(number, baseMs)]);
    });

  const spanIdsQuery = 'SELECT count() AS rows, sum(cityHash64(SpanId)) AS hash FROM otel_traces';
  async function countRows(): Promise<number> {
    const client = await openTestClient(config);
    try {
      const [row] = await client.select<{ rows: number }>(spanIdsQuery);
      return Number(row?.rows);
    } finally {
      await client.close();
    }
  }

  /** A file of a part of a table. */
  function partFile(table: string, part: RegExp, name: string): string {
    const definition = readFileSync(join(config.folder, `metadata/default/${table}.sql`), 'utf8');
    const uuid = /UUID '([^']+)'/.exec(definition)?.[1] ?? 'none';
    const paths = readdirSync(config.folder, { recursive: true, encoding: 'utf8' });
    const found = paths.find((path) => path.includes(uuid) && part.test(path) && path.endsWith(`/${name}`));
    return join(config.folder, found ?? `no ${name}`);
  }

  const part = { table: 'otel_traces', rows: rowsPerBatch, fromMs: dayOf, toMs: dayOf + day };

  it('sets aside a part that the engine finds damaged at its start, and goes on without its rows', async () => {
    await fill();
    rmSync(partFile('otel_traces', /_2_2_\d/, 'columns.txt'));
    await withStore(async (store) => {
      expect(damaged).toMatchObject([part]);
      expect(health.report().parts['store-damage']).toMatchObject({ ok: false });
      expect(health.report().parts['store-damage']?.detail).toContain('otel_traces');
      await store.insert([crashBatch(3, baseMs)]);
      expect(await countRows()).toBe(3 * rowsPerBatch);
    });
    expect(health.report().parts['store-damage']).toBeUndefined();
  });

  it('sets aside a part of which a query meets damage', async () => {
    await withStore((store) => store.insert(withWindows([crashBatch(0, baseMs)])));
    overwrite(partFile('operation_windows', /_1_1_\d/, 'data.bin'));
    await withStore(async (store) => {
      expect(damaged).toEqual([]);
      const arrived = new Promise<DamagedPart>((resolve) => void store.onDamaged(resolve));
      await expect(readWindows(store)).rejects.toMatchObject({ code: 'STORE_DAMAGED', kind: 'transient' });
      expect(await arrived).toMatchObject({ table: 'operation_windows', rows: 1 });
      expect(await readWindows(store)).toMatchObject({ operations: [] });
    });
  });

  it('sets nothing aside while its folder is gone, and goes on when it is back', async () => {
    await withStore(async (store) => {
      await store.insert(withWindows([crashBatch(0, baseMs)]));
      const moved = `${config.folder}-moved`;
      renameSync(config.folder, moved);
      await expect(readWindows(store)).rejects.toMatchObject({ kind: 'transient' });
      const missing = () => health.report().parts['store-folder'];
      await vi.waitUntil(() => missing() !== undefined);
      expect(missing()?.detail).toContain(config.folder);
      renameSync(moved, config.folder);
      await vi.waitUntil(() => missing() === undefined, { timeout: 5000 });
      expect(await readWindows(store)).toMatchObject({ operations: [{ calls: rowsPerBatch }] });
    });
    expect(damaged).toEqual([]);
    expect(await countRows()).toBe(rowsPerBatch);
  });

  it('sets aside a part that only merges read', async () => {
    await fill();
    const engine = await openFor(config, Date.now);
    const watch = new DamageWatch({ engine, folder: config.folder, logger: silentLogger, health });
    watch.listen((found) => damaged.push(found));
    // The engine counts errors per process, so those of other tests come first.
    await watch.checkBackground();
    overwrite(partFile('otel_traces', /_2_2_\d/, 'data.bin'));
    await watch.checkBackground();
    expect(damaged).toEqual([]);
    await expect(engine.command('OPTIMIZE TABLE otel_traces FINAL')).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
    await watch.checkBackground();
    expect(damaged).toMatchObject([part]);
    await engine.command('OPTIMIZE TABLE otel_traces FINAL');
    await engine.close();
    expect(await countRows()).toBe(2 * rowsPerBatch);
  });

  it('opens with any number of damaged parts', async () => {
    await fill();
    await withStore(async () => {
      const client = await openTestClient(config);
      const [row] = await client.select<{ ddl: string }>(
        "SELECT create_table_query AS ddl FROM system.tables WHERE name = 'otel_traces'",
      );
      expect(row?.ddl).toContain('max_suspicious_broken_parts_bytes');
      await client.close();
    });
  });

  it('sets aside a definition that cannot be read, and creates the table anew', async () => {
    await fill();
    overwrite(join(config.folder, 'metadata/default/otel_traces.sql'));
    await withStore(async (store) => {
      expect(damaged).toMatchObject([{ table: 'otel_traces', part: 'definition 0-otel_traces.sql', rows: null }]);
      await store.insert([crashBatch(3, baseMs)]);
      expect(await countRows()).toBe(rowsPerBatch);
    });
  });

  it('that cannot be opened for another reason does not prevent the start', async () => {
    await fill();
    const definition = join(config.folder, 'metadata/default/otel_traces.sql');
    const text = readFileSync(definition, 'utf8');
    writeFileSync(definition, text.replace('ENGINE', 'ENGIN'));
    await withStore(async (store) => {
      expect(health.report().parts['store']).toMatchObject({ ok: false });
      await expect(store.insert([crashBatch(3, baseMs)])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      writeFileSync(definition, text);
      await store.done;
      await store.insert([crashBatch(3, baseMs)]);
    });
    expect(damaged).toEqual([]);
  });
});

function readWindows(store: Store): Promise<unknown> {
  const range = { fromMs: baseMs - 60_000, toMs: baseMs + 60_000 };
  return store.entityHealth({ scope: { tenant: 'crash', environment: 'e' }, service: 'cart', range });
}

/** Overwrites the beginning. The size stays. */
function overwrite(path: string): void {
  const file = openSync(path, 'r+');
  const bytes = Math.min(300, fstatSync(file).size);
  writeSync(file, Buffer.alloc(bytes, 0xa5), 0, bytes, 0);
  closeSync(file);
}

it.each([
  ['otel_traces', '20261130', { fromMs: Date.UTC(2026, 10, 30), toMs: Date.UTC(2026, 11, 1) }],
  ['edge_windows', '20261130', { fromMs: Date.UTC(2026, 10, 30), toMs: Date.UTC(2026, 11, 7) }],
  ['incidents', 'all', { fromMs: null, toMs: null }],
  ['otel_traces', '', { fromMs: null, toMs: null }],
])('a partition of %s says the time of its rows: %s', (table, partition, range) => {
  expect(rangeOf(table, partition)).toEqual(range);
});

it('a lock on the file is found by its inode', () => {
  const locks = '1: FLOCK  ADVISORY  WRITE 7840 fe:00:10780708 0 EOF\n2: POSIX  ADVISORY  READ 1 fe:00:77 128 128\n';
  expect(hasLock(locks, 10_780_708)).toBe(true);
  expect(hasLock(locks, 780_708)).toBe(false);
});
