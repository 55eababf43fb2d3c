/** Kafka, the schema registry and ClickHouse that come up after Faultline was started. */
import { rmSync } from 'node:fs';
import {
  type ClickHouse,
  type Kafka,
  type Registry,
  startClickHouse,
  startKafka,
  startRegistry,
} from '@faultline/servers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addressesIn, runMainProcess, testFolder } from './testing/child.ts';

const timeout = 240_000;
const folder = testFolder();
let kafka: Kafka;
let registry: Registry;
let clickhouse: ClickHouse;
beforeAll(async () => {
  [kafka, registry, clickhouse] = await Promise.all([startKafka({ brokers: 1 }), startRegistry(), startClickHouse()]);
  await Promise.all([...kafka.brokers.map((broker) => broker.kill()), registry.kill(), clickhouse.kill()]);
}, timeout);
afterAll(async () => {
  await Promise.all([kafka.stop(), registry.remove(), clickhouse.remove()]);
  rmSync(folder, { recursive: true, force: true });
}, timeout);

/** Short timeouts, so that a failing attempt ends soon. */
const config = (startDeadlineMs: number) => ({
  bus: {
    kind: 'kafka',
    startDeadlineMs,
    kafka: {
      brokers: kafka.bootstrap.split(','),
      replicationFactor: 1,
      minInSyncReplicas: 1,
      connectTimeoutMs: 500,
      retryBudgetMs: 1_000,
    },
    registry: { url: registry.url },
  },
  store: { kind: 'server', url: clickhouse.url, retryMaxMs: 500 },
});

it('without them the start ends with one error after its deadline, and the log said what it waited for', {
  timeout,
}, async () => {
  const { code, stderr } = await runMainProcess({ folder, config: config(2_000) }).ended;
  expect(code).toBe(1);
  expect(stderr).toContain(`waiting for the schema registry at ${registry.url}`);
  const errors = stderr.split('\n').filter((line) => line.startsWith('faultline did not start: '));
  expect(errors).toEqual([
    expect.stringMatching(
      /^faultline did not start: the schema registry at \S+ did not respond within 2 s \(bus\.startDeadlineMs\)\. .*\[BUS_REGISTRY_UNAVAILABLE\]$/,
    ),
  ]);
});

it('it waits for one after the other, and is up when they are; for ClickHouse it does not wait', {
  timeout,
}, async () => {
  const { process, up, ended } = runMainProcess({ folder, config: config(180_000) });
  const log = collect(process.stderr);
  await log.seen('waiting for the schema registry at');
  await registry.start();
  await log.seen('waiting for Kafka at');
  for (const broker of kafka.brokers) await broker.start();
  const { http } = addressesIn(await up);
  await log.seen('waiting for ClickHouse at');
  expect((await healthOf(http)).parts['store']).toMatchObject({ ok: false });
  await clickhouse.start();
  await log.seen(`ClickHouse at ${clickhouse.url} responds`);
  expect((await healthOf(http)).parts['store']).toMatchObject({ ok: true });
  process.kill('SIGTERM');
  expect((await ended).code).toBe(0);
});

interface Report {
  readonly parts: Readonly<Record<string, { readonly ok: boolean }>>;
}

const healthOf = async (http: string): Promise<Report> => (await (await fetch(`${http}/healthz`)).json()) as Report;

/** What a stream says, and a promise for the moment when it has said a text. */
function collect(stream: NodeJS.ReadableStream | null) {
  let text = '';
  stream?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const seen = (part: string): Promise<void> =>
    new Promise((resolve) => {
      const look = () => {
        if (!text.includes(part)) return;
        stream?.off('data', look);
        resolve();
      };
      stream?.on('data', look);
      look();
    });
  return { seen };
}
