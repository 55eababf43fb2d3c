/** A data folder with noise in its telemetry log and in its store: the process starts, pages, and says what is missing. */
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type Addresses, addressesIn, type Running, runMainProcess, testFolder } from './testing/child.ts';
import { alertmanager, shopTraces } from './testing/shop.ts';

const folder = testFolder();
let running: Running | null = null;
afterAll(async () => {
  running?.process.kill('SIGKILL');
  await running?.ended;
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<Addresses> {
  running = runMainProcess({ folder });
  return addressesIn(await running.up);
}

async function stop(): Promise<void> {
  running?.process.kill('SIGTERM');
  expect((await running?.ended)?.code).toBe(0);
}

const minutes = 60_000;
const spansSent = 3 * 2 * 60 * 2;

async function sendTraces({ otlpHttp }: Addresses): Promise<void> {
  const toMs = Date.now();
  const request = shopTraces({ fromMs: toMs - 2 * minutes, brokenFromMs: toMs, toMs });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${otlpHttp}/v1/traces`, { method: 'POST', headers, body: JSON.stringify(request) });
  expect(answer.status).toBe(200);
}

interface LedgerRow {
  readonly source: string;
  readonly signal: string;
  readonly recorded: number;
  readonly deadLettered: number;
}

async function ledgerOf({ http }: Addresses, source: string): Promise<LedgerRow | undefined> {
  const { sources } = (await (await fetch(`${http}/api/v1/ledger`)).json()) as { sources: readonly LedgerRow[] };
  return sources.find((row) => row.source === source && row.signal === 'spans');
}

/** Asks again until `read` has an answer. The test's time limit ends it. */
async function until<Value>(read: () => Promise<Value | null | undefined>): Promise<Value> {
  for (;;) {
    const value = await read();
    if (value !== null && value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Overwrites a piece of a file with bytes that mean nothing. */
function damage(path: string, from: number): void {
  const file = openSync(path, 'r+');
  const bytes = Math.min(fstatSync(file).size - from, 100_000);
  writeSync(file, Buffer.alloc(bytes, 0xa5), 0, bytes, from);
  closeSync(file);
}

/** The data of every part of a table. */
function damageParts(table: string): void {
  const store = join(folder, 'store');
  const definition = readFileSync(join(store, `metadata/default/${table}.sql`), 'utf8');
  const uuid = /UUID '([^']+)'/.exec(definition)?.[1] ?? 'none';
  const paths = readdirSync(store, { recursive: true, encoding: 'utf8' });
  const data = paths.filter((path) => path.includes(uuid) && path.endsWith('.bin') && !path.includes('detached'));
  expect(data.length).toBeGreaterThan(0);
  for (const path of data) damage(join(store, path), 0);
}

it('starts, pages, and tells in health, ledger and dead letters what was set aside', { timeout: 180_000 }, async () => {
  const before = await start();
  await sendTraces(before);
  await until(async () => ((await ledgerOf(before, 'otlp'))?.recorded === spansSent ? true : null));
  await stop();

  damage(join(folder, 'log/telemetry/spans/0000000001.sqlite'), 0);
  for (const name of readdirSync(join(folder, 'store/metadata/default')))
    if (name === 'otel_traces.sql') damage(join(folder, 'store/metadata/default', name), 0);
  damageParts('operation_windows');

  const after = await start();
  const body = JSON.stringify(alertmanager('HighErrors', 'checkout', Date.now()));
  const headers = { 'content-type': 'application/json' };
  expect((await fetch(`${after.http}/ingest/alertmanager`, { method: 'POST', headers, body })).status).toBe(200);
  const listed = async () => {
    const answer = await fetch(`${after.http}/api/v1/incidents`);
    const { incidents = [] } = (await answer.json()) as { incidents?: readonly object[] };
    return incidents.length > 0 ? incidents : null;
  };
  await until(listed);
  const { parts } = (await (await fetch(`${after.http}/healthz`)).json()) as {
    parts: Readonly<Record<string, { readonly ok: boolean; readonly detail: string }>>;
  };
  expect(parts['bus']).toMatchObject({ ok: false, detail: expect.stringContaining('0000000001.sqlite.damaged') });
  expect(parts['store-damage']).toMatchObject({ ok: false, detail: expect.stringContaining('otel_traces') });
  const letters = async () => {
    const answer = await fetch(`${after.http}/api/v1/dead-letters?source=store`);
    const { deadLetters = [] } = (await answer.json()) as { deadLetters?: readonly { readonly code: string }[] };
    return deadLetters.length > 0 ? deadLetters : null;
  };
  expect((await until(letters))[0]).toMatchObject({ code: 'RECORDER_STORE_DAMAGED' });
  await sendTraces(after);
  await stop();
});
