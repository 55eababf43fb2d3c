/** Sends requests as agents do: compressed, over a few connections. */
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { LoadRequest, Signal } from './system-load.ts';

export interface CompressedRequest extends Omit<LoadRequest, 'body'> {
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Compresses beforehand, so that it costs nothing during the measurement. */
export function compressed(requests: readonly LoadRequest[]): CompressedRequest[] {
  return requests.map((request) => ({ ...request, body: new Uint8Array(gzipSync(request.body, { level: 1 })) }));
}

const headers = {
  'content-type': 'application/x-protobuf',
  'content-encoding': 'gzip',
  'x-scope-orgid': 'profile',
};
const paths: Readonly<Record<Signal, string>> = { traces: 'traces', logs: 'logs', metrics: 'metrics' };
const retryMs = 100;

/** Sends in order, so many at once. A refused request is repeated. */
export async function sendAll(otlp: string, requests: readonly CompressedRequest[], atOnce: number): Promise<void> {
  const rest = requests.values();
  const sender = async () => {
    for (const request of rest) await send(otlp, request);
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
}

/** Sends each request when it is due: as long after the start as it is after `fromMs`. */
export async function sendInTime(otlp: string, requests: readonly CompressedRequest[], fromMs: number): Promise<void> {
  const beganMs = performance.now();
  const sends: Promise<void>[] = [];
  for (const request of requests) {
    await delay(Math.max(0, beganMs + request.dueMs - fromMs - performance.now()));
    sends.push(send(otlp, request));
  }
  await Promise.all(sends);
}

async function send(otlp: string, { signal, body }: CompressedRequest): Promise<void> {
  for (;;) {
    const response = await fetch(`${otlp}/v1/${paths[signal]}`, { method: 'POST', headers, body });
    const text = await response.text();
    if (response.ok) return;
    if (response.status !== 503 && response.status !== 429) throw new Error(`${signal}: ${response.status} ${text}`);
    await delay(retryMs);
  }
}

/** One alert of a service, as Alertmanager sends it. */
export async function sendAlert(http: string, service: string): Promise<void> {
  const alert = {
    status: 'firing',
    labels: { alertname: 'HighLatency', service, severity: 'critical' },
    annotations: { summary: `${service} is slow` },
    startsAt: new Date().toISOString(),
    endsAt: '0001-01-01T00:00:00Z',
    fingerprint: 'f0e1d2c3b4a59687',
  };
  const response = await fetch(`${http}/ingest/alertmanager`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-scope-orgid': headers['x-scope-orgid'] },
    body: JSON.stringify({ version: '4', receiver: 'faultline', status: 'firing', alerts: [alert] }),
  });
  if (!response.ok) throw new Error(`alert: ${response.status} ${await response.text()}`);
}
