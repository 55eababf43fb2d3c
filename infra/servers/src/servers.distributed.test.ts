import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, inject, it } from 'vitest';
import { startClickHouse } from './clickhouse.ts';
import { startKafka } from './kafka.ts';
import { brokersSeenBy } from './kafka-ready.ts';

const folder = mkdtempSync(join(tmpdir(), 'faultline-servers-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ask = async (url: string, sql: string): Promise<string> =>
  (await (await fetch(url, { method: 'POST', body: sql })).text()).trim();

it('the broker of the tests answers', async () => {
  expect(await brokersSeenBy(Number(inject('kafka').split(':').at(-1)))).toBe(1);
});

it('the registry of the tests answers', async () => {
  expect((await fetch(`${inject('registry')}/subjects`)).status).toBe(200);
});

it('ClickHouse keeps acknowledged data when it is killed', async () => {
  const server = await startClickHouse({ folder, users: [{ name: 'faultline', password: 'a<b&c' }] });
  try {
    await ask(server.url, 'CREATE TABLE kept (value UInt8) ENGINE = MergeTree ORDER BY value');
    await ask(server.url, 'INSERT INTO kept VALUES (42)');
    await server.kill();
    await expect(fetch(server.url)).rejects.toThrow();
    await server.start();
    expect(await ask(server.url, 'SELECT value FROM kept')).toBe('42');
    const asUser = `${server.url}/?user=faultline&password=${encodeURIComponent('a<b&c')}`;
    expect(await ask(asUser, 'SELECT currentUser()')).toBe('faultline');
    expect(await ask(`${server.url}/?user=faultline&password=wrong`, 'SELECT 1')).toContain('AUTHENTICATION_FAILED');
  } finally {
    await server.remove();
  }
  expect(readdirSync(folder)).toContain('data');
});

it('three brokers see each other, and a killed one comes back', { timeout: 120_000 }, async () => {
  const kafka = await startKafka({ brokers: 3 });
  const [first, second] = kafka.brokers;
  try {
    await second?.kill();
    await expect.poll(() => brokersSeenBy(first?.port ?? 0), { timeout: 20_000 }).toBe(2);
    await second?.start();
    await expect.poll(() => brokersSeenBy(first?.port ?? 0), { timeout: 20_000 }).toBe(3);
  } finally {
    await kafka.stop();
  }
});
