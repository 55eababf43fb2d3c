import { expect, it } from 'vitest';
import type { Route, SourceRequest } from '../source.ts';
import { sourcesOf } from '../sources/index.ts';
import { routeOf, testRequest } from '../testing/source.ts';
import { createKeptPayloads } from './kept-payloads.ts';

const [github] = sourcesOf({ mappings: [] }).filter(({ name }) => name === 'github');
if (github === undefined) throw new Error('github is a source');
const route: Route = routeOf(github, '/ingest/github');
const request = (body: unknown, more: Partial<SourceRequest> = {}): SourceRequest => ({
  ...testRequest({ body: Object(body), contentType: 'application/json' }),
  ...more,
});
const day = 86_400_000;

it('keeps the newest bodies within the bytes of their source and tenant', () => {
  const payloads = createKeptPayloads({ maxBytes: 40, clock: () => 0 });
  for (const n of [1, 2, 3]) payloads.keep('github', route, request({ text: 'twelve', n }), 'accepted');
  payloads.keep('gitlab', route, request({ other: 1 }), 'accepted');
  const { tenant } = request({});
  expect(payloads.list(tenant, 'github').map(({ body }) => JSON.parse(body).n)).toEqual([3]);
  expect(payloads.list(tenant, 'gitlab')).toHaveLength(1);
  expect(payloads.list('another', 'github')).toEqual([]);
});

it('forgets after a day', () => {
  let nowMs = 0;
  const payloads = createKeptPayloads({ maxBytes: 1000, clock: () => nowMs });
  const { tenant } = request({});
  payloads.keep('github', route, request({ n: 1 }, { receivedAtMs: 1 }), 'accepted');
  nowMs = day;
  expect(payloads.list(tenant, 'github')).toHaveLength(1);
  nowMs = day + 1;
  expect(payloads.list(tenant, 'github')).toEqual([]);
});

it('replaces credentials at any depth and keeps only the header with the event', () => {
  const payloads = createKeptPayloads({ maxBytes: 10_000, clock: () => 0 });
  const body = { a: [{ apiKey: 'S3CRET', password: { x: 'S3CRET' }, name: 'n' }], hook_token: 'S3CRET', api_key: null };
  const headers = { 'x-github-event': 'push', authorization: 'Bearer S3CRET', 'x-hub-signature-256': 'S3CRET' };
  payloads.keep('github', route, request(body, { headers }), 'accepted');
  const [kept] = payloads.list(request({}).tenant, 'github');
  expect(JSON.stringify(kept)).not.toContain('S3CRET');
  expect(kept?.headers).toEqual({ 'x-github-event': 'push' });
  expect(JSON.parse(kept?.body ?? '{}')).toMatchObject({ a: [{ name: 'n' }], api_key: null });
});

it.each([
  ['nothing while it is off', { maxBytes: 0 }, route, { n: 1 }],
  ['no body of a source that may hold secrets', { maxBytes: 1000 }, { ...route, keepsBody: false }, { n: 1 }],
  ['no body larger than the limit', { maxBytes: 10 }, route, { text: 'longer than that' }],
])('keeps %s', (_what, options, on, body) => {
  const payloads = createKeptPayloads({ ...options, clock: () => 0 });
  payloads.keep('github', on, request(body), 'accepted');
  expect(payloads.list(request({}).tenant, 'github')).toEqual([]);
});

it('keeps no body that is not JSON', () => {
  const payloads = createKeptPayloads({ maxBytes: 1000, clock: () => 0 });
  payloads.keep('github', route, request({}, { bytes: Buffer.from('token=abc') }), 'refused');
  expect(payloads.list(request({}).tenant, 'github')).toEqual([]);
});

it('keeps few bodies, however small they are, and the start of few headers', () => {
  const payloads = createKeptPayloads({ maxBytes: 1_000_000, clock: () => 0 });
  const many = Array.from({ length: 20 }, (_, index) => [`x-event-${index}`, 'v'.repeat(8000)]);
  for (let n = 0; n < 150; n += 1)
    payloads.keep('github', route, request({ n }, { headers: Object.fromEntries(many) }), 'accepted');
  const kept = payloads.list(request({}).tenant, 'github');
  expect(kept).toHaveLength(100);
  expect(JSON.parse(kept[0]?.body ?? '')).toEqual({ n: 149 });
  expect(JSON.stringify(kept[0]?.headers).length).toBeLessThan(4000);
});

it('keeps bodies of few tenants: a sender may name a new one each time', () => {
  const payloads = createKeptPayloads({ maxBytes: 1000, clock: () => 0 });
  for (let n = 0; n <= 200; n += 1) payloads.keep('github', route, request({ n }, { tenant: `t${n}` }), 'accepted');
  expect(payloads.list('t0', 'github')).toEqual([]);
  expect(payloads.list('t1', 'github')).toHaveLength(1);
  expect(payloads.list('t200', 'github')).toHaveLength(1);
});

it.each([
  ['a pair of name and value', { env: [{ name: 'DB_PASSWORD', value: 'S3CRET' }] }],
  ['JSON within a text', { Message: JSON.stringify({ deep: [{ token: 'S3CRET' }] }) }],
  ['an address with a password', { text: 'connect to postgres://app:S3CRET@db/x failed' }],
])('replaces a credential in %s', (_what, body) => {
  const payloads = createKeptPayloads({ maxBytes: 1000, clock: () => 0 });
  payloads.keep('github', route, request(body), 'accepted');
  const [kept] = payloads.list(request({}).tenant, 'github');
  expect(kept?.body).toContain('[redacted]');
  expect(kept?.body).not.toContain('S3CRET');
});
