/** With tokens configured every endpoint needs one, and no token is ever printed. */
import { rmSync } from 'node:fs';
import { createToken } from '@faultline/runtime';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Addresses, addressesIn, anyPorts, type Running, runMainProcess, testFolder } from './testing/child.ts';

const tokens = { am: createToken(), otlp: createToken(), pagerduty: createToken(), admin: createToken() };
const configured = [
  { name: 'am', role: 'source', source: 'alertmanager', tenant: 'acme', hash: tokens.am.hash },
  { name: 'otlp', role: 'source', source: 'otlp', tenant: 'acme', hash: tokens.otlp.hash },
  { name: 'pd', role: 'source', source: 'pagerduty', tenant: 'acme', hash: tokens.pagerduty.hash },
  { name: 'admin', role: 'admin', tenant: 'acme', hash: tokens.admin.hash },
];
type Holder = keyof typeof tokens | 'stranger' | 'nobody';

const folder = testFolder();
let running: Running;
let at: Addresses;
beforeAll(async () => {
  running = runMainProcess({ folder, config: { ...anyPorts, auth: { tokens: configured }, log: { level: 'debug' } } });
  at = addressesIn(await running.up);
}, 30_000);
afterAll(async () => {
  running.process.kill('SIGKILL');
  await running.ended;
  rmSync(folder, { recursive: true, force: true });
});

function headersOf(holder: Holder, tenant?: string): Record<string, string> {
  const token = holder === 'stranger' ? 'flt_not-one-of-ours' : holder === 'nobody' ? null : tokens[holder].token;
  return {
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(tenant && { 'x-scope-orgid': tenant }),
  };
}

const alert = { alerts: [{ status: 'firing', labels: { alertname: 'A', service: 'cart' } }] };

const endpoints: Readonly<Record<string, (headers: Record<string, string>) => Promise<number>>> = {
  alertmanager: (headers) => send(`${at.http}/ingest/alertmanager`, headers, alert),
  'OTLP over HTTP': (headers) => send(`${at.otlpHttp}/v1/traces`, headers, {}),
  'OTLP over gRPC': (headers) =>
    grpc(at.otlpGrpc, '/opentelemetry.proto.collector.trace.v1.TraceService/Export', headers),
  'the query API': (headers) => send(`${at.http}/api/v1/incidents`, headers),
  'the query API over gRPC': (headers) => grpc(at.queryGrpc, '/faultline.v1.IncidentService/ListIncidents', headers),
  '/metrics': (headers) => send(`${at.http}/metrics`, headers),
};

/** HTTP statuses. gRPC: 0 OK, 7 PERMISSION_DENIED, 16 UNAUTHENTICATED. */
const answers: readonly (readonly [string, Holder, number, string?])[] = [
  ['alertmanager', 'nobody', 401],
  ['alertmanager', 'stranger', 401],
  ['alertmanager', 'otlp', 403],
  ['alertmanager', 'am', 403, 'other'],
  ['alertmanager', 'am', 200, 'acme'],
  ['alertmanager', 'admin', 200],
  ['OTLP over HTTP', 'nobody', 401],
  ['OTLP over HTTP', 'am', 403],
  ['OTLP over HTTP', 'otlp', 403, 'other'],
  ['OTLP over HTTP', 'otlp', 200],
  ['OTLP over gRPC', 'nobody', 16],
  ['OTLP over gRPC', 'stranger', 16],
  ['OTLP over gRPC', 'am', 7],
  ['OTLP over gRPC', 'otlp', 7, 'other'],
  ['OTLP over gRPC', 'otlp', 0],
  ['the query API', 'nobody', 401],
  ['the query API', 'am', 403],
  ['the query API', 'admin', 403, 'other'],
  ['the query API', 'admin', 200],
  ['the query API over gRPC', 'nobody', 16],
  ['the query API over gRPC', 'am', 7],
  ['the query API over gRPC', 'admin', 7, 'other'],
  ['the query API over gRPC', 'admin', 0],
  ['/metrics', 'nobody', 401],
  ['/metrics', 'am', 200],
];

const cases = answers.map(([endpoint, holder, expected, tenant]) => ({ endpoint, holder, expected, tenant }));
it.each(cases)('$endpoint answers $holder with $expected', async ({ endpoint, holder, expected, tenant }) => {
  expect(await endpoints[endpoint]?.(headersOf(holder, tenant))).toBe(expected);
});

it('a token in the body or in a refused one is not kept, and none is logged', async () => {
  const refused = { routing_key: tokens.pagerduty.token, event_action: 'nonsense' };
  expect(await send(`${at.http}/v2/enqueue`, {}, refused)).toBe(400);
  expect(await send(`${at.http}/ingest/alertmanager`, headersOf('am'), { alerts: 7 })).toBe(400);
  const response = await fetch(`${at.http}/api/v1/dead-letters`, { headers: headersOf('admin') });
  const { deadLetters } = (await response.json()) as { deadLetters: { source: string; payload: string }[] };
  expect(deadLetters.map(({ source }) => source).sort()).toEqual(['alertmanager', 'pagerduty']);
  const kept = deadLetters.map(({ payload }) => Buffer.from(payload, 'base64').toString()).join('\n');
  running.process.kill('SIGTERM');
  const { stdout, stderr } = await running.ended;
  for (const { token } of Object.values(tokens))
    expect(kept + JSON.stringify(deadLetters) + stdout + stderr).not.toContain(token);
});

async function send(url: string, headers: Record<string, string>, body?: object): Promise<number> {
  const json = { 'content-type': 'application/json', ...headers };
  const init = body === undefined ? { headers } : { method: 'POST', headers: json, body: JSON.stringify(body) };
  const response = await fetch(url, init);
  await response.arrayBuffer();
  return response.status;
}

/** Sends an empty message to a method and returns the status code. */
async function grpc(address: string, path: string, headers: Record<string, string>): Promise<number> {
  const client = new Client(address, credentials.createInsecure());
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  const asIs = (bytes: Buffer) => bytes;
  const error = await new Promise<ServiceError | null>((resolve) => {
    client.makeUnaryRequest(path, asIs, asIs, Buffer.alloc(0), metadata, resolve);
  });
  client.close();
  return error?.code ?? 0;
}
