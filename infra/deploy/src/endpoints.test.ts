/** With the deployed configuration, each token opens the endpoints that it is for, and no others. */

import { join } from 'node:path';
import { loadAppConfig, startApp } from '@faultline/all';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeSecrets } from './secrets.ts';
import { infra } from './testing/compose.ts';

const secrets = makeSecrets();
const env = Object.fromEntries(
  (secrets['tokens.env'] ?? '')
    .trim()
    .split('\n')
    .map((line) => line.split('=', 2)),
);
const loopback = { host: '127.0.0.1', port: 0 };
const files = ['faultline', 'ingest'].map((name) => join(infra, `faultline/${name}.yaml`));
const overrides = {
  http: loopback,
  ingest: { otlpGrpc: loopback, otlpHttp: loopback },
  bus: { kind: 'embedded', folder: ':memory:' },
};
let app: Awaited<ReturnType<typeof startApp>>;
beforeAll(async () => {
  app = await startApp(loadAppConfig({ file: files, env, overrides }), { only: new Set(['ingest']) });
}, 30_000);
afterAll(() => app.stop());

const span = { traceId: '5b8efff798038103d269b633813fc60c', spanId: 'eee19b7ec3c1b174', name: 'op', kind: 2 };
const times = { startTimeUnixNano: `${Date.now()}000000`, endTimeUnixNano: `${Date.now()}000000` };
const telemetry = { resourceSpans: [{ scopeSpans: [{ spans: [{ ...span, ...times }] }] }] };
const alert = { status: 'firing', labels: { alertname: 'a' }, startsAt: new Date().toISOString() };

const endpoints = [
  { token: 'collector-token', listener: 'otlpHttp', path: '/v1/traces', body: telemetry },
  {
    token: 'alertmanager-token',
    listener: 'http',
    path: '/ingest/alertmanager',
    body: { version: '4', alerts: [alert] },
  },
] as const;

it.each(endpoints)('$path accepts $token, and no other token', async ({ token, listener, path, body }) => {
  const send = async (name: string) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${secrets[name] ?? ''}` };
    const answer = await fetch(`${app.value.addresses[listener]}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return answer.status;
  };
  const others = endpoints.map(({ token: name }) => name).filter((name) => name !== token);
  expect([await send(token), ...(await Promise.all(others.map(send))), await send('none')]).toEqual([200, 403, 401]);
});
