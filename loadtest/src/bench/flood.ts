/**
 * `npm run bench -- flood [--alerts N] [--opened N]`: a flood of alerts that nothing connects, all at once, on a complete Faultline with a
 * webhook. `--opened`: `correlator.maxOpenedPerMinute`. Prints one JSON line: pages sent, first pages that were sent more than once,
 * incidents, the longest time in which the process ran nothing else, and memory.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { anyPort } from '../client/any-port.ts';
import { createClient } from '../client/client.ts';
import { startSoaked } from '../soak/faultline.ts';
import type { MemorySample } from '../soak/sample.ts';

const tenant = 'flood';
const alertsPerRequest = 500;
const sampleEveryMs = 2_000;
/** The flood is over, and its evidence has been read several times. */
const watchedMs = 90_000;

export async function run(): Promise<Record<string, unknown>> {
  const { alerts, opened, seconds } = parseArgs({
    args: process.argv.slice(3),
    options: {
      alerts: { type: 'string', default: '5000' },
      opened: { type: 'string' },
      seconds: { type: 'string', default: String(watchedMs / 1000) },
    },
  }).values;
  const folder = mkdtempSync(join(tmpdir(), 'faultline-flood-'));
  const pager = await startPager();
  const folders = { bus: { folder: join(folder, 'bus') }, store: { folder: join(folder, 'store') } };
  const channels = [{ type: 'webhook', name: 'pager', url: pager.url, secret: 'flood' }];
  const correlator = opened === undefined ? {} : { maxOpenedPerMinute: Number(opened) };
  const config = { ...anyPort, ...folders, notifier: { channels }, correlator, log: { level: 'error' } };
  const faultline = await startSoaked({ storeFolder: folders.store.folder, config });
  try {
    const client = createClient({ http: faultline.http, otlp: null, tenant });
    const before = await faultline.sample(0);
    for (let from = 0; from < Number(alerts); from += alertsPerRequest)
      await client.post(
        '/ingest/alertmanager',
        alertmanagerBody(from, Math.min(from + alertsPerRequest, Number(alerts))),
      );
    const samples: MemorySample[] = [];
    for (let atMs = 0; atMs < Number(seconds) * 1000; atMs += sampleEveryMs) {
      await delay(sampleEveryMs);
      samples.push(await faultline.sample(atMs / 1000));
    }
    const line = {
      alerts: Number(alerts),
      ...pager.counts(),
      longestHoldMs: Math.max(...samples.map(({ longestHoldMs }) => longestHoldMs)),
      holdsOver100Ms: samples.filter(({ longestHoldMs }) => longestHoldMs > 100).length,
      rssBefore: before.rss,
      rssMost: Math.max(...samples.map(({ rss }) => rss)),
      heapUsedMost: Math.max(...samples.map(({ heapUsed }) => heapUsed)),
      loadAverage: loadavg(),
      processors: availableParallelism(),
    };
    console.log(JSON.stringify(line));
    return line;
  } finally {
    await faultline.stop();
    await pager.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Each alert has a name and a service of its own. */
function alertmanagerBody(from: number, to: number): object {
  const alerts = Array.from({ length: to - from }, (_, n) => ({
    status: 'firing',
    labels: { alertname: `Rule${from + n}`, service: `svc${from + n}x`, severity: 'critical' },
    annotations: { summary: `svc${from + n}x fails` },
    startsAt: new Date().toISOString(),
    fingerprint: `flood-${from + n}`,
  }));
  return { version: '4', status: 'firing', alerts };
}

interface Pager {
  readonly url: string;
  counts(): Record<string, number>;
  close(): Promise<void>;
}

/** Counts pages by their idempotency key. */
async function startPager(): Promise<Pager> {
  const byKey = new Map<string, number>();
  const server = createServer((request, response) => {
    const key = String(request.headers['idempotency-key'] ?? '');
    byKey.set(key, (byKey.get(key) ?? 0) + 1);
    request.resume().on('end', () => response.end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/`,
    counts: () => {
      const first = [...byKey].filter(([key]) => key.endsWith(':first'));
      return {
        requests: [...byKey.values()].reduce((sum, count) => sum + count, 0),
        firstPages: first.length,
        firstPagesRepeated: first.filter(([, count]) => count > 1).length,
        mostRepeats: Math.max(0, ...first.map(([, count]) => count)),
      };
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

if (import.meta.main) await run();
