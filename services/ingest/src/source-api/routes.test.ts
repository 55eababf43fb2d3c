import { codecs } from '@faultline/model';
import { authConfig, createAuthenticator, createToken } from '@faultline/runtime';
import { afterEach, describe, expect, it } from 'vitest';
import { decoded, type FrontDoor, type FrontDoorOptions, openFrontDoor } from '../testing/ingest.ts';

let door: FrontDoor | null = null;
afterEach(async () => {
  await door?.close();
  door = null;
});
/** A busy machine is slow to start the thread of the mappings. */
const patient = { mappingMs: 30_000 };
const open = async ({ config, ...options }: FrontDoorOptions = {}) => {
  door = await openFrontDoor({ ...options, config: { limits: patient, ...config } });
  return door;
};
const path = '/api/v1/sources';
const json = { 'content-type': 'application/json' };
const push = { event: 'x', api_key: 'S3CRET' };

it('the catalogue tells the address and a snippet of each source', async () => {
  const { server } = await open();
  const { sources, keepsPayloads } = (await server.inject(path)).json();
  const github = sources.find(({ name }: { name: string }) => name === 'github');
  expect(github).toMatchObject({ title: 'GitHub', paths: ['/ingest/github'] });
  expect(github.setup.length).toBeGreaterThan(1);
  expect(keepsPayloads).toBe(false);
});

describe('a trial of a mapping', () => {
  const tryOn = async (trial: object) => {
    const { server } = await open();
    return server.inject({ method: 'POST', url: `${path}/try-mapping`, headers: json, payload: trial });
  };

  it('shows what would be stored, by the mapping of a source or one that is pasted', async () => {
    const body = JSON.stringify({ text: 'disk full', host: 'db-1' });
    const expression = '{ "alerts": [{ "name": text, "host": host, "severity": "critical" }] }';
    const answer = (await tryOn({ body, expression })).json();
    expect(answer).toMatchObject({ ok: true, items: [{ type: 'alert', title: 'disk full' }] });
    expect(answer.items[0].fields).toContainEqual({ name: 'severity', value: 'critical' });
  });

  it.each([
    ['a function that there is none of', '{ "alerts": [{ "name": $nope(1) }] }', /nope/],
    ['an expression that is not whole', '{ "alerts": [', /mapping/],
  ])('says what is wrong with %s', async (_what, expression, problem) => {
    const answer = (await tryOn({ body: '{}', expression })).json();
    expect(answer.ok).toBe(false);
    expect(`${answer.problem}${answer.refused}`).toMatch(problem);
  });

  it('ends one that never ends', async () => {
    const { server } = await open({ config: { limits: { mappingMs: 500 } } });
    const payload = { body: '{}', expression: '( $f := function($x) { $f($x) }; $f(1) )' };
    const answer = await server.inject({ method: 'POST', url: `${path}/try-mapping`, headers: json, payload });
    expect(answer.json()).toMatchObject({ ok: false, problem: expect.stringMatching(/time/) });
  });

  it('publishes nothing', async () => {
    await tryOn({ body: '{"alerts":[{"name":"a","service":"b"}]}', source: 'json' });
    expect(await door?.read('alerts')).toEqual([]);
  });

  it('names the field of a request that is not right', async () => {
    const answer = await tryOn({ body: '' });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().message).toMatch(/^body: /);
  });
});

describe('a test alert', () => {
  it('goes by the door of json, stands in an environment of its own, and ends by itself', async () => {
    const { server, read } = await open();
    const answer = await server.inject({ method: 'POST', url: `${path}/test` });
    expect(answer.json()).toMatchObject({ door: '/ingest/json', status: 202 });
    const [record] = await read('alerts');
    const alert = decoded(codecs.alert, record?.value ?? null);
    expect(alert).toMatchObject({
      scope: { environment: 'faultline-test' },
      entities: { service: answer.json().service },
      expiresAfterMs: 120_000,
    });
  });

  it('two tests are two things', async () => {
    const { server } = await open();
    const send = async () => (await server.inject({ method: 'POST', url: `${path}/test` })).json().service;
    expect(await send()).not.toBe(await send());
  });
});

it('bodies that came are listed with what became of them, once the setting keeps them', async () => {
  const { server } = await open({ config: { keptPayloadBytes: 10_000 } });
  const good = { alerts: [{ name: 'a', service: 'b' }] };
  for (const payload of [good, push])
    await server.inject({ method: 'POST', url: '/ingest/json', headers: json, payload });
  const { payloads } = (await server.inject(`${path}/payloads?source=json`)).json();
  expect(payloads.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
    expect.stringMatching(/^mapping: /),
    '1 taken',
  ]);
  expect(JSON.stringify(payloads)).not.toContain('S3CRET');
  expect((await server.inject(`${path}/payloads?source=github`)).json()).toEqual({ payloads: [] });
});

describe('with tokens', () => {
  const [admin, responder, viewer] = [createToken(), createToken(), createToken()];
  const authenticator = createAuthenticator(
    authConfig.parse({
      tokens: [
        { name: 'a', hash: admin.hash, role: 'admin' },
        { name: 'r', hash: responder.hash, role: 'responder' },
        { name: 'v', hash: viewer.hash, role: 'viewer' },
      ],
    }),
  );
  const post = async (headers: Record<string, string>) => {
    const { server } = await open({ authenticator });
    return (await server.inject({ method: 'POST', url: `${path}/test`, headers })).statusCode;
  };

  it.each([
    ['no token', {}, 401],
    ['a viewer', { authorization: `Bearer ${viewer.token}` }, 403],
    ['an administrator', { authorization: `Bearer ${admin.token}` }, 200],
    ['the cookie of one', { cookie: `faultline_token=${admin.token}` }, 200],
    [
      'the cookie, from a page of another site',
      { cookie: `faultline_token=${admin.token}`, origin: 'https://evil.example' },
      403,
    ],
    ['a cookie that is no token', { cookie: 'faultline_token=%' }, 401],
  ])('%s', async (_what, headers, status) => expect(await post(headers)).toBe(status));

  it('the catalogue is for who may look at incidents, its mappings for who works on them', async () => {
    const mapping = { name: 'pinger', expression: '{ "alerts": [{ "name": key = "S3CRET" ? check : "x" }] }' };
    const { server } = await open({ authenticator, config: { mappings: [mapping] } });
    const read = (token: string) => server.inject({ url: path, headers: { authorization: `Bearer ${token}` } });
    const [shown, hidden] = [await read(responder.token), await read(viewer.token)];
    expect([shown.statusCode, hidden.statusCode]).toEqual([200, 200]);
    expect([shown.body.includes('S3CRET'), hidden.body.includes('S3CRET')]).toEqual([true, false]);
    expect(hidden.json().sources).toContainEqual(expect.objectContaining({ name: 'pinger', expression: '' }));
    expect((await server.inject(path)).statusCode).toBe(401);
  });

  it('payloads and trials are for administrators', async () => {
    const { server } = await open({ authenticator });
    const headers = { ...json, authorization: `Bearer ${viewer.token}` };
    expect((await server.inject({ url: `${path}/payloads`, headers })).statusCode).toBe(403);
    const trial = { method: 'POST', url: `${path}/try-mapping`, headers, payload: { body: '{}' } } as const;
    expect((await server.inject(trial)).statusCode).toBe(403);
  });
});
