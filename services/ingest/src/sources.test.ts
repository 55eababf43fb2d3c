/** Sources as their senders meet them, over HTTP: tokens, signatures, mappings, and Alertmanager's API. */
import { createHmac } from 'node:crypto';
import { codecs } from '@faultline/model';
import { authConfig, createAuthenticator, hashToken } from '@faultline/runtime';
import { afterEach, describe, expect, it } from 'vitest';
import { examplesOf } from './testing/examples.ts';
import { decoded, type FrontDoor, type FrontDoorOptions, openFrontDoor } from './testing/ingest.ts';

let door: FrontDoor;
const open = async (options?: FrontDoorOptions) => {
  door = await openFrontDoor(options);
};
afterEach(() => door.close());

const json = { 'content-type': 'application/json' };
const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  door.server.inject({ method: 'POST', url, headers: { ...json, ...headers }, payload: JSON.stringify(body) });
const alerts = async () => (await door.read('alerts')).map(({ value }) => decoded(codecs.alert, value));
const changes = async () => (await door.read('changes')).map(({ value }) => decoded(codecs.change, value));

const authenticator = createAuthenticator(
  authConfig.parse({
    tokens: [
      { name: 'dd', hash: hashToken('token-datadog'), role: 'source', source: 'datadog', tenant: 'acme' },
      { name: 'am', hash: hashToken('token-am'), role: 'source', source: 'alertmanager', tenant: 'acme' },
    ],
  }),
);
const [datadogExample] = examplesOf('datadog');
const [githubExample] = examplesOf('github');

describe('tokens', () => {
  const basic = Buffer.from('faultline:token-datadog').toString('base64');
  it.each([
    ['a bearer token', '', { authorization: 'Bearer token-datadog' }, 202],
    ['a password', '', { authorization: `Basic ${basic}` }, 202],
    ['the address', '?token=token-datadog', {}, 202],
    ['nothing', '', {}, 401],
    ['the address, but of another source', '?token=token-am', {}, 403],
  ])('%s', async (_name, query, headers, status) => {
    await open({ authenticator });
    expect((await post(`/ingest/datadog${query}`, datadogExample?.body, { ...headers })).statusCode).toBe(status);
    expect((await alerts()).map(({ scope }) => scope.tenant)).toEqual(status === 202 ? ['acme'] : []);
  });
});

describe('signatures', () => {
  const config = { signingSecrets: [{ source: 'github', tenant: 'acme', secret: 'hush' }] };
  const payload = JSON.stringify(githubExample?.body);
  const send = (signature: Record<string, string>, query = '') =>
    door.server.inject({
      method: 'POST',
      url: `/ingest/github${query}`,
      headers: { ...json, ...githubExample?.headers, ...signature },
      payload,
    });
  const sign = (secret: string) => ({
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(payload).digest('hex')}`,
  });

  it.each([{}, { authenticator }])('decide the tenant, and what is not signed is refused', async (options) => {
    await open({ ...options, config });
    expect((await send(sign('hush'))).statusCode).toBe(202);
    const wrong = await send(sign('other'));
    expect([wrong.statusCode, wrong.json()]).toEqual([401, expect.objectContaining({ code: 'INGEST_SIGNATURE' })]);
    expect((await send({})).statusCode).toBe(401);
    expect((await send({ authorization: 'Bearer invented' })).statusCode).toBe(401);
    expect((await send({ authorization: `Basic ${Buffer.from('a:invented').toString('base64')}` })).statusCode).toBe(
      401,
    );
    expect((await send({}, '?token=invented')).statusCode).toBe(401);
    expect((await changes()).map(({ scope }) => scope.tenant)).toEqual(['acme']);
  });
});

describe('mappings of the configuration', () => {
  const expression = '{ "alerts": [{ "name": check, "host": server, "severity": "critical" }] }';

  it('are sources', async () => {
    await open({ config: { mappings: [{ name: 'pinger', expression }] } });
    expect((await post('/ingest/pinger', { check: 'ping', server: 'db-1' })).statusCode).toBe(202);
    expect(await alerts()).toMatchObject([{ source: 'pinger', name: 'ping', entities: { node: 'db-1' } }]);
    expect(await door.ledger()).toEqual({ 'pinger/alerts': { accepted: 1, deadLettered: 0 } });
  });

  it('replace those that are built in', async () => {
    await open({ config: { mappings: [{ name: 'datadog', expression }] } });
    expect((await post('/ingest/datadog', { check: 'ping', server: 'db-1' })).statusCode).toBe(202);
    expect(await alerts()).toMatchObject([{ source: 'datadog', name: 'ping' }]);
  });

  it('keep what they cannot read as a dead letter', async () => {
    await open({ config: { mappings: [{ name: 'pinger', expression }] } });
    const answer = await post('/ingest/pinger', { server: 'db-1' });
    expect([answer.statusCode, answer.json()]).toEqual([400, expect.objectContaining({ code: 'INGEST_INVALID' })]);
    expect(await door.deadLetters()).toMatchObject([{ source: 'pinger', reason: 'alerts[0].name: expected a text' }]);
  });

  it.each([
    [
      'a plan',
      { resource_changes: [{ address: 'a', change: { actions: ['create'], after: { password: 'hush' } } }] },
      202,
    ],
    ['a plan with values in odd places', { resource_changes: [{ change: { actions: [{ password: 'hush' }] } }] }, 202],
    ['what is no JSON', '{"password": "hush', 400],
  ])('keep no body that may hold secrets: %s', async (_name, body, status) => {
    await open();
    const payload = typeof body === 'string' ? body : JSON.stringify(body);
    const url = '/ingest/terraform-plan';
    const answer = await door.server.inject({ method: 'POST', url, headers: json, payload });
    expect(answer.statusCode).toBe(status);
    const kept = [...(await door.read('changes')), ...(await door.read('dead-letters'))];
    expect(kept.length).toBe(1);
    expect(kept.map(({ value }) => Buffer.from(value ?? '').includes('hush'))).toEqual([false]);
  });

  it('are told to come again while the log is away', async () => {
    await open({ config: { mappings: [{ name: 'pinger', expression }] } });
    const { unavailable } = await import('./testing/ingest.ts');
    door.state.broken = unavailable;
    const answer = await post('/ingest/pinger', { check: 'ping' });
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5']);
  });
});

describe('many alerts in one body', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ labels: { a: String(at) }, status: 'firing' }));
  it.each([
    ['/api/v2/alerts', many],
    ['/ingest/alertmanager', (count: number) => ({ alerts: many(count) })],
    ['/ingest/grafana', (count: number) => ({ alerts: many(count) })],
  ])('are refused above the limit: %s', async (url, bodyOf) => {
    await open({ config: { limits: { alerts: 10 } } });
    expect((await post(url, bodyOf(10))).statusCode).toBe(200);
    const answer = await post(url, bodyOf(11));
    expect([answer.statusCode, answer.body]).toEqual([413, expect.stringContaining('ingest.limits.alerts')]);
    expect((await alerts()).length).toBe(10);
  });

  it('let others have their turn while they are decoded', async () => {
    await open();
    const order: string[] = [];
    const large = post('/api/v2/alerts', many(5000)).then(() => order.push('large'));
    await new Promise(setImmediate);
    await Promise.all([large, post('/api/v2/alerts', many(1)).then(() => order.push('small'))]);
    expect(order).toEqual(['small', 'large']);
  });
});

describe("Alertmanager's API", () => {
  const at = (ms: number) => new Date(ms).toISOString();

  it('takes the alerts of a ruler, which end when they are not sent again', async () => {
    await open();
    const { nowMs } = door.state;
    const alert = { labels: { alertname: 'A', service: 'cart' }, startsAt: at(nowMs - 60_000) };
    const sent = [
      { ...alert, endsAt: at(nowMs + 600_000) },
      { ...alert, labels: { alertname: 'B' } },
      { ...alert, endsAt: at(nowMs - 1000) },
    ];
    expect((await post('/ingest/alertmanager/api/v2/alerts', sent)).statusCode).toBe(200);
    const found = (await alerts()).map(({ name, status, expiresAfterMs }) => [name, status, expiresAfterMs]);
    expect(found.sort()).toEqual([
      ['A', 'firing', 600_000],
      ['A', 'resolved', 300_000],
      ['B', 'firing', 300_000],
    ]);
  });

  it('answers what clients ask beside it', async () => {
    await open();
    const get = async (url: string) => (await door.server.inject({ method: 'GET', url })).json();
    expect(await get('/api/v2/status')).toMatchObject({ cluster: { status: 'disabled' } });
    expect(await get('/api/v2/silences')).toEqual([]);
    expect((await post('/api/v1/alerts', [])).statusCode).toBe(410);
  });

  it('refuses as Alertmanager does, with a text', async () => {
    await open();
    const answer = await post('/api/v2/alerts', [{ labels: {} }]);
    expect([answer.statusCode, answer.json()]).toEqual([
      400,
      '[0].labels: expected at least one label [INGEST_INVALID]',
    ]);
  });
});

it('describes each path of the sources as OpenAPI', async () => {
  await open();
  const document = (await door.server.inject({ method: 'GET', url: '/ingest/openapi.json' })).json();
  expect(document).toMatchObject({
    openapi: '3.1.0',
    paths: {
      '/ingest/datadog': { post: { tags: ['Datadog'], security: [{ bearer: [] }, { basic: [] }, { query: [] }] } },
      '/v2/alerts/{identifier}/close': { post: { parameters: [{ name: 'identifier', in: 'path', required: true }] } },
      '/ingest/gitlab': { post: { security: [{ bearer: [] }, { 'x-gitlab-token': [] }] } },
    },
    components: { securitySchemes: { 'x-gitlab-token': { type: 'apiKey', in: 'header', name: 'x-gitlab-token' } } },
  });
});
