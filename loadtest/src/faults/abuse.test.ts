/**
 * Bad requests at every ingest endpoint: each is refused with a clear message, nothing breaks or grows, and everything
 * is accounted for.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { type App, loadAppConfig, startApp } from '@faultline/all';
import type { Started } from '@faultline/runtime';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { anyPort } from '../client/any-port.ts';

const mib = 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), 'faultline-abuse-'));
const baseline = { log: { level: 'error' }, notifier: { channels: [] } };
let app: Started<App>;
beforeAll(async () => {
  app = await startApp(loadAppConfig({ folder, overrides: { ...anyPort, ...baseline }, env: {} }));
}, 30_000);
afterAll(async () => {
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
});

const json = 'application/json';

/** An endpoint with a valid body that `labels` and `time` make bad. Times in ISO 8601. */
interface Endpoint {
  readonly otlp?: true;
  readonly type?: string;
  readonly path: string;
  body(labels: object, time: string): object;
}

const nanos = (time: string): string => `${BigInt(Date.parse(time)) * 1_000_000n}`;
const attributes = (labels: object): object[] =>
  Object.entries(labels).map(([key, value]) => ({ key, value: { stringValue: String(value) } }));

const endpoints: readonly Endpoint[] = [
  {
    path: '/ingest/alertmanager',
    body: (labels, time) => ({
      alerts: [{ status: 'resolved', labels: { alertname: 'A', ...labels }, startsAt: time }],
    }),
  },
  {
    path: '/v2/enqueue',
    body: (labels, time) => ({
      routing_key: 'r',
      event_action: 'trigger',
      dedup_key: 'k',
      payload: { summary: 's', source: 'x', severity: 'info', timestamp: time, custom_details: labels },
    }),
  },
  {
    path: '/v2/change/enqueue',
    body: (labels, time) => ({ routing_key: 'r', payload: { summary: 's', timestamp: time, custom_details: labels } }),
  },
  {
    path: '/ingest/cloudevents',
    type: 'application/cloudevents+json',
    body: (labels, time) => ({
      specversion: '1.0',
      id: 'i',
      source: 's',
      type: 'dev.cdevents.service.deployed.0.2.0',
      time,
      data: { context: {}, subject: { id: 'x', content: {} }, customData: labels },
    }),
  },
  {
    otlp: true,
    path: '/v1/traces',
    body: (labels, time) =>
      inResource('resourceSpans', 'scopeSpans', 'spans', {
        traceId: 'ab'.repeat(16),
        spanId: 'cd'.repeat(8),
        name: 'x',
        startTimeUnixNano: nanos(time),
        endTimeUnixNano: nanos(time),
        attributes: attributes(labels),
      }),
  },
  {
    otlp: true,
    path: '/v1/logs',
    body: (labels, time) =>
      inResource('resourceLogs', 'scopeLogs', 'logRecords', {
        timeUnixNano: nanos(time),
        body: { stringValue: 'x' },
        attributes: attributes(labels),
      }),
  },
  {
    otlp: true,
    path: '/v1/metrics',
    body: (labels, time) =>
      inResource('resourceMetrics', 'scopeMetrics', 'metrics', {
        name: 'm',
        gauge: { dataPoints: [{ timeUnixNano: nanos(time), asDouble: 1, attributes: attributes(labels) }] },
      }),
  },
];

function inResource(resources: string, scopes: string, items: string, item: object): object {
  return { [resources]: [{ [scopes]: [{ [items]: [item] }] }] };
}

const deep = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const now = new Date().toISOString();
const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`label${index}`, 'v']));
const large = Buffer.alloc(50 * mib, 'a');
const bomb = gzipSync(Buffer.alloc(200 * mib));

interface Abuse {
  readonly name: string;
  body(endpoint: Endpoint): string | Buffer;
  readonly type?: string;
  readonly encoding?: string;
  /** Accepted status codes, and what the answer must contain: the field or the limit. */
  readonly status: readonly number[];
  readonly says: RegExp;
}

const text = (value: object): string => JSON.stringify(value);
/** 200 and 202: accepted with the time of receipt, with fewer labels, or as a partial success. */
const abuses: readonly Abuse[] = [
  { name: 'half a body', body: () => '{"alerts": [', status: [400], says: /body: expected JSON/ },
  { name: 'nothing', body: () => '', status: [400], says: /expected/ },
  { name: 'a list', body: () => '[7]', status: [400], says: /expected|an object/ },
  { name: 'a picture', body: () => 'x', type: 'image/png', status: [415], says: /Content-Type: expected/ },
  { name: 'no known encoding', body: () => 'x', encoding: 'br', status: [415], says: /Content-Encoding: expected/ },
  { name: 'no gzip', body: () => 'x', encoding: 'gzip', status: [400], says: /body: expected gzip/ },
  { name: '50 MB', body: () => large, status: [413], says: /at most \d+ bytes/ },
  { name: 'a zip bomb', body: () => bomb, encoding: 'gzip', status: [413], says: /at most \d+ bytes/ },
  { name: 'deep JSON', body: () => deep(50_000), status: [400], says: /at most 64 deep/ },
  { name: 'bad UTF-8', body: () => Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22]), status: [400], says: /UTF-8/ },
  { name: '1970', body: (endpoint) => text(endpoint.body({}, '1970-01-01T00:00:01Z')), status: [200, 202], says: /./ },
  { name: '2100', body: (endpoint) => text(endpoint.body({}, '2100-01-01T00:00:00Z')), status: [200, 202], says: /./ },
  {
    name: '10,000 labels',
    body: (endpoint) => text(endpoint.body(many, now)),
    status: [200, 202, 400],
    says: /expected at most (256|1024)|"status":"(success|accepted|ok)"|accepted/,
  },
];

const cases = endpoints.flatMap((endpoint) =>
  abuses.map((abuse) => ({ endpoint, abuse, path: endpoint.path, name: abuse.name })),
);

it.each(cases)('$path answers $name', async ({ endpoint, abuse }) => {
  const { status, answer } = await send(endpoint, abuse);
  expect(abuse.status, answer).toContain(status);
  // A span or a point without a time is refused. An alert, a change or a log line gets the time of receipt.
  const needsTime = ['/v1/traces', '/v1/metrics'].includes(endpoint.path) && ['1970', '2100'].includes(abuse.name);
  if (needsTime) expect(answer).toMatch(/partialSuccess.*[tT]imeUnixNano: expected/);
  expect(answer).toMatch(abuse.says);
});

const grpcAbuses = [
  { name: 'no protobuf', body: Buffer.from('not protobuf'), code: 3, says: /body/ },
  { name: 'over the limit', body: Buffer.alloc(70 * mib), code: 8, says: /larger|at most/i },
  { name: 'a zip bomb', body: Buffer.alloc(200 * mib), gzip: true, code: 8, says: /larger|at most|max/i },
];
const services = ['trace.v1.TraceService', 'metrics.v1.MetricsService', 'logs.v1.LogsService'];

it.each(grpcAbuses.flatMap((abuse) => services.map((service) => ({ ...abuse, service }))))(
  'OTLP over gRPC, $service, answers $name',
  async ({ service, body, code, gzip = false, says }) => {
    const options = gzip ? { 'grpc.default_compression_algorithm': 2 } : {};
    const error = await exportOverGrpc(service, body, options);
    expect(error?.code).toBe(code);
    expect(error?.details).toMatch(says);
  },
);

it('nothing grows with the rounds', { timeout: 60_000 }, async () => {
  const round = async () => {
    for (const abuse of abuses) await Promise.all(endpoints.map((endpoint) => send(endpoint, abuse)));
  };
  await round();
  const before = process.memoryUsage().rss;
  for (let count = 0; count < 3; count++) await round();
  expect((process.memoryUsage().rss - before) / mib).toBeLessThan(150);
});

it('still runs, and every item is accounted for', async () => {
  const http = app.value.addresses.http;
  const good = endpoints.map((endpoint) =>
    send(endpoint, { name: 'good', body: () => text(endpoint.body({}, now)), status: [], says: /./ }),
  );
  for (const { status, answer } of await Promise.all(good)) expect([200, 202], answer).toContain(status);
  expect(await (await fetch(`${http}/readyz`)).json()).toEqual({ ready: true });
  const sources = await settledLedger(http);
  expect(sources.map((line) => `${line['source']}/${line['signal']}`)).toContain('otlp/spans');
  for (const line of sources) {
    const { accepted, inIncidents, recorded, duplicates, suppressed, deadLettered } = line as Record<string, number>;
    const ended = [inIncidents, recorded, duplicates, suppressed, deadLettered].reduce<number>(
      (sum, n = 0) => sum + n,
      0,
    );
    expect(ended, JSON.stringify(line)).toBe(accepted);
  }
});

interface Answer {
  readonly status: number;
  readonly answer: string;
}

async function send(endpoint: Endpoint, { body, type = endpoint.type ?? json, encoding }: Abuse): Promise<Answer> {
  const { http, otlpHttp } = app.value.addresses;
  const response = await fetch(`${endpoint.otlp ? otlpHttp : http}${endpoint.path}`, {
    method: 'POST',
    body: body(endpoint) as string,
    headers: { 'content-type': type, ...(encoding && { 'content-encoding': encoding }) },
  });
  return { status: response.status, answer: await response.text() };
}

async function exportOverGrpc(service: string, body: Buffer, options: object) {
  const client = new Client(app.value.addresses.otlpGrpc ?? '', credentials.createInsecure(), {
    'grpc.max_send_message_length': -1,
    ...options,
  });
  const asIs = (bytes: Buffer) => bytes;
  const path = `/opentelemetry.proto.collector.${service}/Export`;
  const error = await new Promise<{ code: number; details: string } | null>((resolve) => {
    client.makeUnaryRequest(path, asIs, asIs, body, new Metadata(), resolve);
  });
  client.close();
  return error;
}

async function settledLedger(http: string): Promise<readonly Record<string, unknown>[]> {
  while (true) {
    const { sources } = (await (await fetch(`${http}/api/v1/ledger`)).json()) as { sources: Record<string, unknown>[] };
    if (sources.length > 0 && sources.every(({ pending }) => pending === 0)) return sources;
    await delay(200);
  }
}
