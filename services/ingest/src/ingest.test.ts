import { gzipSync, zstdCompressSync } from 'node:zlib';
import { codecs } from '@faultline/model';
import { authConfig, createAuthenticator, hashToken } from '@faultline/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeOtlp } from './sources/otlp/testing/encode.ts';
import { decoded, type FrontDoor, openFrontDoor, unavailable } from './testing/ingest.ts';

let door: FrontDoor;
beforeEach(async () => {
  door = await openFrontDoor({
    config: {
      limits: { alertBodyBytes: 100_000, telemetryBodyBytes: 1_000_000, telemetryDecompressedBytes: 4_000_000 },
    },
  });
});
afterEach(() => door.close());

const json = { 'content-type': 'application/json' };
const alert = (labels: object = {}) => ({
  status: 'firing',
  labels: { alertname: 'Slow', service: 'cart', ...labels },
  startsAt: new Date(door.state.nowMs).toISOString(),
});
const webhook = (...alerts: object[]) => JSON.stringify({ version: '4', status: 'firing', alerts });

function post(url: string, body: string | Buffer, headers: Record<string, string> = json, target = door) {
  return target.server.inject({ method: 'POST', url, payload: body, headers });
}

async function postOtlp(path: string, body: string | Buffer, headers: Record<string, string> = json) {
  const response = await fetch(`http://127.0.0.1:${door.ports.otlpHttp}${path}`, {
    method: 'POST',
    headers,
    body: new Uint8Array(Buffer.from(body)),
  });
  return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
}

function traces(count: number, more: object = {}) {
  const start = `${BigInt(door.state.nowMs) * 1_000_000n}`;
  const spans = Array.from({ length: count }, (_, index) => ({
    traceId: (index + 1).toString(16).padStart(32, 'a'),
    spanId: (index + 1).toString(16).padStart(16, '0'),
    name: 'GET /',
    startTimeUnixNano: start,
    endTimeUnixNano: start,
    ...more,
  }));
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'cart' } }] };
  return { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] };
}

describe('an answer', () => {
  it('is success only when the log has the records', async () => {
    expect((await post('/ingest/alertmanager', webhook(alert()))).statusCode).toBe(200);
    const [record] = await door.read('alerts');
    expect(decoded(codecs.alert, record?.value ?? null)).toMatchObject({
      name: 'Slow',
      scope: { tenant: 'default', environment: '' },
    });
    expect(record).toMatchObject({ key: 'default/', headers: { source: 'alertmanager', items: '1' } });
  });

  it('is 503 with Retry-After while the log cannot take records, and nothing is counted', async () => {
    door.state.broken = unavailable;
    const response = await post('/ingest/alertmanager', webhook(alert()));
    expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '5']);
    expect((await postOtlp('/v1/traces', JSON.stringify(traces(1)))).status).toBe(503);
    door.state.broken = null;
    expect((await post('/ingest/alertmanager', webhook(alert()))).statusCode).toBe(200);
    expect(await door.ledger()).toEqual({ 'alertmanager/alerts': { accepted: 1, deadLettered: 0 } });
  });

  it('is 405 to other methods', async () => {
    const response = await door.server.inject({ method: 'OPTIONS', url: '/ingest/cloudevents' });
    expect([response.statusCode, response.headers['allow']]).toEqual([405, 'POST']);
  });
});

describe('bad input', () => {
  it('is refused exactly, kept and counted', async () => {
    const response = await post('/ingest/alertmanager', '{"alerts": 7}');
    expect(response.statusCode).toBe(400);
    expect(response.json()).toEqual({ code: 'INGEST_INVALID', message: 'alerts: expected an array of alerts' });
    const [letter] = await door.deadLetters();
    expect(letter).toMatchObject({ source: 'alertmanager', signal: 'alerts', items: 1, code: 'INGEST_INVALID' });
    expect(Buffer.from(letter?.payload ?? []).toString()).toBe('{"alerts": 7}');
    expect(await door.ledger()).toEqual({ 'alertmanager/alerts': { accepted: 1, deadLettered: 1 } });
  });

  it.each([
    ['a body over the limit', 'x'.repeat(200_000), {}, 413],
    ['a zip bomb', gzipSync(Buffer.alloc(50_000_000)), { 'content-encoding': 'gzip' }, 413],
    ['a zstd bomb', zstdCompressSync(Buffer.alloc(50_000_000)), { 'content-encoding': 'zstd' }, 413],
    ['gzip that is not', 'plain', { 'content-encoding': 'gzip' }, 400],
    ['an unknown encoding', 'plain', { 'content-encoding': 'lzma' }, 415],
    ['a content type of another format', '<a/>', { 'content-type': 'text/xml' }, 415],
    ['a tenant with a slash', webhookOf('a'), { 'x-scope-orgid': 'a/b' }, 400],
  ])('%s', async (_name, body, headers, status) => {
    const response = await post('/ingest/alertmanager', body, { ...json, ...headers });
    expect(response.statusCode).toBe(status);
    expect(response.json()).toMatchObject({
      code: expect.stringMatching(/^INGEST_/),
      message: expect.stringContaining(': expected'),
    });
    expect(await door.read('alerts')).toEqual([]);
  });

  it('a zip bomb of telemetry is refused as a google.rpc.Status', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const response = await postOtlp('/v1/traces', bomb, {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'gzip',
    });
    expect(response.status).toBe(413);
    expect([...response.body.subarray(0, 2)]).toEqual([8, 8]);
  });

  it('cannot fill the disk', async () => {
    const small = await openFrontDoor({ config: { deadLetterBytesPerHour: 2000 } });
    for (let sent = 0; sent < 20; sent++) await post('/ingest/alertmanager', `{"alerts": ${sent}}`, json, small);
    expect((await small.deadLetters()).length).toBe(3);
    small.state.nowMs += 3_600_000;
    await post('/ingest/alertmanager', '{"alerts": "later"}', json, small);
    expect((await small.deadLetters()).length).toBe(4);
    expect(await small.ledger()).toEqual({ 'alertmanager/alerts': { accepted: 4, deadLettered: 4 } });
    await small.close();
  });

  it('never has PagerDuty’s routing key kept', async () => {
    const response = await post('/v2/enqueue', '{"routing_key": "S3CRET", "event_action": "explode"}');
    expect(response.json()).toMatchObject({
      status: 'invalid event',
      errors: ['event_action: expected trigger, acknowledge or resolve'],
    });
    const [letter] = await door.deadLetters();
    expect(Buffer.from(letter?.payload ?? []).toString()).toBe('{"event_action":"explode"}');
  });
});

function webhookOf(name: string): string {
  return JSON.stringify({ alerts: [{ status: 'firing', labels: { alertname: name } }] });
}

it('a resolve of PagerDuty goes where its trigger went', async () => {
  const trigger = {
    event_action: 'trigger',
    dedup_key: 'k',
    payload: { summary: 's', source: 'h1', severity: 'error', custom_details: { env: 'prod' } },
  };
  await post('/v2/enqueue', JSON.stringify(trigger));
  await post('/v2/enqueue', JSON.stringify({ event_action: 'resolve', dedup_key: 'k' }));
  expect((await door.read('alerts')).map((record) => record.key)).toEqual(['default/', 'default/']);
});

it('all alerts and changes of a tenant meet in one partition, whatever their environment', async () => {
  await post('/v2/change/enqueue', JSON.stringify({ payload: { summary: 'Deployed cart' } }));
  const staging = { payload: { summary: 'Deployed cart', custom_details: { env: 'stg' } } };
  await post('/v2/change/enqueue', JSON.stringify(staging));
  const records = await door.read('changes');
  expect(records.map(({ key, headers }) => [key, headers['items']])).toEqual([
    ['default/', '1'],
    ['default/', '1'],
  ]);
  expect(new Set(records.map(({ partition }) => partition)).size).toBe(1);
  const scopes = records.map(({ value }) => decoded(codecs.change, value).scope.environment);
  expect(scopes).toEqual(['', 'staging']);
  expect(await door.ledger()).toEqual({ 'pagerduty/changes': { accepted: 2, deadLettered: 0 } });
});

describe('OTLP over HTTP', () => {
  it.each([
    ['JSON', 'application/json', (request: object) => Buffer.from(JSON.stringify(request))],
    ['protobuf', 'application/x-protobuf', (request: object) => encodeOtlp('traces', request)],
  ])('%s, gzipped, partly bad', async (_name, contentType, encode) => {
    const request = traces(10);
    request.resourceSpans.push(...traces(3, { spanId: '' }).resourceSpans);
    const response = await postOtlp('/v1/traces', gzipSync(encode(request)), {
      'content-type': contentType,
      'content-encoding': 'gzip',
    });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, contentType]);
    expect(response.body.toString()).toContain('spanId: expected 8 bytes that are not all zero (3)');
    const blocks = (await door.read('spans')).map(({ value }) => decoded(codecs.spanBlock, value));
    expect(blocks.reduce((sum, block) => sum + block.items.length, 0)).toBe(10);
    expect(await door.ledger()).toEqual({ 'otlp/spans': { accepted: 13, deadLettered: 3 } });
  });
});

it('totals are right when many send at once', async () => {
  const requests = Array.from({ length: 60 }, (_, index) =>
    index % 3 === 0
      ? postOtlp('/v1/traces', JSON.stringify(traces(5)))
      : post('/ingest/alertmanager', webhook(alert({ index: `${index}` }), {})),
  );
  await Promise.all(requests);
  expect(await door.ledger()).toEqual({
    'otlp/spans': { accepted: 100, deadLettered: 0 },
    'alertmanager/alerts': { accepted: 80, deadLettered: 40 },
  });
});

describe('with authentication', () => {
  const tokens = [
    { name: 'am', hash: hashToken('token-am'), role: 'source', tenant: 'acme', source: 'alertmanager' },
    { name: 'pd', hash: hashToken('token-pd'), role: 'source', tenant: 'acme', source: 'pagerduty' },
  ];
  const authenticator = createAuthenticator(authConfig.parse({ tokens }));
  it.each([
    ['no token', {}, 401],
    ['an unknown token', { authorization: 'Bearer nobody' }, 401],
    ['the token of another source', { authorization: 'Bearer token-pd' }, 403],
    ['the tenant of somebody else', { authorization: 'Bearer token-am', 'x-scope-orgid': 'evil' }, 403],
    ['its own token, which names the tenant', { authorization: 'Bearer token-am' }, 200],
  ])('%s', async (_name, headers, status) => {
    const guarded = await openFrontDoor({ authenticator });
    const response = await post('/ingest/alertmanager', webhook(alert()), { ...json, ...headers }, guarded);
    expect(response.statusCode).toBe(status);
    expect((await guarded.read('alerts')).map((record) => record.key)).toEqual(status === 200 ? ['acme/'] : []);
    expect(await guarded.deadLetters()).toEqual([]);
    await guarded.close();
  });

  it('takes PagerDuty’s routing key for the token', async () => {
    const guarded = await openFrontDoor({ authenticator });
    const event = { event_action: 'trigger', payload: { summary: 's', source: 'h1', severity: 'error' } };
    const statuses = [];
    for (const routing_key of ['token-pd', 'token-am', 'wrong', undefined])
      statuses.push((await post('/v2/enqueue', JSON.stringify({ ...event, routing_key }), json, guarded)).statusCode);
    expect(statuses).toEqual([202, 403, 401, 401]);
    await guarded.close();
  });
});

it('a port in use is told with what to do', async () => {
  await expect(openFrontDoor({ config: { otlpHttp: { port: door.ports.otlpHttp } } })).rejects.toMatchObject({
    code: 'RUNTIME_ADDRESS_IN_USE',
  });
  await expect(openFrontDoor({ config: { otlpGrpc: { port: door.ports.otlpGrpc } } })).rejects.toMatchObject({
    code: 'RUNTIME_ADDRESS_IN_USE',
  });
});
