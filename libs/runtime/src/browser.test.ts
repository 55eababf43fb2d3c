import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { addBrowserGuard, isAllowedOrigin } from './browser.ts';

function serverWith(enabled: boolean) {
  const server = Fastify();
  addBrowserGuard(server, { authenticator: { enabled }, allowedOrigins: ['https://shop.example'] });
  server.post('/', (_request, reply) => reply.send({ ok: true }));
  return server;
}

const evil = 'https://evil.example';

describe('without tokens', () => {
  it.each([
    ['no Origin', {}, 200],
    ['its own page', { origin: 'http://localhost:8080' }, 200],
    ['its own page by address', { host: '127.0.0.1:8080', origin: 'http://127.0.0.1:8080' }, 200],
    ['its own page over IPv6', { host: '[::1]:8080', origin: 'http://[::1]:8080' }, 200],
    ['an allowed page', { origin: 'https://shop.example' }, 200],
    ['a page of another site', { origin: evil }, 403],
    ['a page without an origin', { origin: 'null' }, 403],
    ['a page on another port of this machine', { origin: 'http://localhost:3000' }, 403],
    ['a rebound name', { host: 'evil.example:8080' }, 403],
    ['a rebound name and its page', { host: 'evil.example:8080', origin: 'http://evil.example:8080' }, 403],
    ['a name that begins as loopback does', { host: '127.0.0.1.evil.example' }, 403],
    ['a name with a user before it', { host: 'localhost@evil.example' }, 403],
  ])('%s', async (_name, headers, status) => {
    const sent = { method: 'POST', url: '/', headers: { host: 'localhost:8080', ...headers } } as const;
    expect((await serverWith(false).inject(sent)).statusCode).toBe(status);
  });
});

it('with tokens the token decides', async () => {
  const sent = { method: 'POST', url: '/', headers: { host: 'faultline.example', origin: evil } } as const;
  expect((await serverWith(true).inject(sent)).statusCode).toBe(200);
});

it.each([
  ['an answer', 'POST', '/', {}],
  ['a refusal', 'POST', '/', { origin: evil }],
  ['what is not there', 'GET', '/nowhere', {}],
] as const)('%s cannot be framed nor be taken for another type', async (_name, method, url, headers) => {
  const response = await serverWith(false).inject({ method, url, headers });
  expect(response.headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
  });
});

it.each([
  ['https://shop.example', ['https://shop.example'], true],
  ['https://a.shop.example', ['https://*.shop.example'], true],
  ['https://evilshop.example', ['https://*.shop.example'], false],
  ['https://shop.example.evil', ['https://shop.example'], false],
  ['https://any.example', ['*'], true],
  ['https://any.example', [], false],
])('%s of %j is allowed: %s', (origin, patterns, allowed) => {
  expect(isAllowedOrigin(origin, patterns)).toBe(allowed);
});
