/** The component as a process starts it: credentials, election, watch, and what health says of each. */
import { createEmbeddedBus } from '@faultline/bus';
import { Health, silentLogger } from '@faultline/runtime';
import { afterEach, expect, it } from 'vitest';
import { type KubeConfig, kubeConfig } from './config.ts';
import { checkKube, createKube } from './kube.ts';
import { ApiServer } from './testing/api-server.ts';
import { kubeconfigOf } from './testing/kubeconfig.ts';

let stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.reverse()) await stop();
  stops = [];
});

async function startServer(): Promise<ApiServer> {
  const server = await ApiServer.start();
  stops.push(() => server.stop());
  return server;
}

/** Starts a process and returns what health says of it, and how to stop it. */
async function startProcess(config: KubeConfig) {
  const health = new Health();
  const bus = await createEmbeddedBus({
    folder: ':memory:',
    partitions: { scope: 1, telemetry: 1 },
    maxRecordBytes: 1_000_000,
    clock: Date.now,
    logger: silentLogger,
  }).start();
  const process = await createKube({
    bus: bus.value,
    config,
    logger: silentLogger,
    clock: Date.now,
    health,
  }).start();
  const stop = async () => {
    await process.stop();
    await bus.stop();
  };
  stops.push(stop);
  return { part: () => health.report().parts['kube'], process, stop };
}

const configFor = (url: string, more: object = {}) =>
  kubeConfig.parse({ kubeconfig: kubeconfigOf(url), cluster: 'east', retryBaseMs: 1, retryMaxMs: 5, ...more });
const elected = { leaseNamespace: 'faultline', leaseDurationMs: 5000 };
const watching = { ok: true, detail: '31 kinds of east are watched' };

it('without credentials does not start, and names the file', async () => {
  const config = kubeConfig.parse({ kubeconfig: '/nowhere/config' });
  await expect(checkKube(config)).rejects.toMatchObject({ code: 'KUBE_NO_CREDENTIALS' });
  await expect(startProcess(config)).rejects.toThrow('/nowhere/config');
});

it('watches without an election where none is configured, and writes no Lease', async () => {
  const server = await startServer();
  const { part } = await startProcess(configFor(server.url));
  await expect.poll(part, { timeout: 25_000 }).toEqual(watching);
  expect(server.requests.filter((path) => path.includes('/leases'))).toEqual([]);
});

it('of two processes one watches, the other says so, and takes over', async () => {
  const server = await startServer();
  const first = await startProcess(configFor(server.url, elected));
  await expect.poll(first.part, { timeout: 25_000 }).toEqual(watching);
  const second = await startProcess(configFor(server.url, elected));
  await expect.poll(second.part, { timeout: 25_000 }).toEqual({ ok: true, detail: 'another process watches east' });
  await first.stop();
  stops = stops.filter((stop) => stop !== first.stop);
  await expect.poll(second.part, { timeout: 25_000 }).toEqual(watching);
});

it('that may not read the Lease is not well, and says why', async () => {
  const server = await startServer();
  server.faults.fail = { status: 403, count: Number.POSITIVE_INFINITY };
  const { part } = await startProcess(configFor(server.url, elected));
  await expect.poll(part, { timeout: 25_000 }).toEqual({
    ok: false,
    detail: 'east is not watched here: the Lease: the API server answered 403 [KUBE_UNAVAILABLE]',
  });
});

it('waits for a server that is away, and watches when it comes', async () => {
  const server = await startServer();
  server.faults.fail = { status: 503, count: Number.POSITIVE_INFINITY };
  const { part } = await startProcess(configFor(server.url));
  await expect.poll(() => part()?.ok, { timeout: 25_000 }).toBe(false);
  server.faults.fail = null;
  await expect.poll(part, { timeout: 25_000 }).toEqual(watching);
});
