import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { authConfig, createAuthenticator, createToken } from './auth.ts';
import { AppError } from './error.ts';
import { Health } from './health.ts';
import { createHttpServer, httpConfig, httpUrlOf, listen, requireIdentity } from './http.ts';
import { silentLogger } from './log.ts';

const open = createAuthenticator(authConfig.parse({}));
const { token, hash } = createToken();
const guarded = createAuthenticator(
  authConfig.parse({ tokens: [{ name: 'a', hash, role: 'source', source: 'alertmanager' }] }),
);
const bearer = { authorization: `Bearer ${token}` };

function build(authenticator = open, extra: object = {}) {
  const health = new Health();
  const config = httpConfig.parse({});
  const options = { config, logger: silentLogger, health, authenticator, metricsText: async () => 'up 1\n', ...extra };
  return { server: createHttpServer(options), health, config };
}

describe('own routes', () => {
  it('healthz reports what is wrong, with status 200 while the process is up', async () => {
    const { server, health } = build();
    health.set('slack', { ok: false, detail: 'token refused' });
    const answer = await server.inject('/healthz');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ ok: false, parts: { slack: { ok: false, detail: 'token refused' } } });
  });

  it('healthz hides its details without a token when authentication is on', async () => {
    const { server, health } = build(guarded);
    health.set('slack', { ok: false, detail: 'token refused' });
    expect((await server.inject('/healthz')).json()).toEqual({ ok: false });
    expect((await server.inject({ url: '/healthz', headers: bearer })).json()).toHaveProperty('parts');
  });

  it('an address that cannot be decoded is refused with a code of the catalogue', async () => {
    const { server } = build();
    const answer = await server.inject('/callbacks/%00%ff');
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'RUNTIME_BAD_REQUEST' });
  });

  it('a pager that is down does not make the process unready', async () => {
    const { server, health } = build();
    health.set('slack', { ok: false, detail: 'token refused' });
    expect((await server.inject('/readyz')).statusCode).toBe(200);
    expect((await build(open, { isReady: () => false }).server.inject('/readyz')).statusCode).toBe(503);
  });

  it('metrics require a token when authentication is on', async () => {
    const { server } = build(guarded);
    expect((await server.inject('/metrics')).statusCode).toBe(401);
    expect((await server.inject({ url: '/metrics', headers: bearer })).body).toBe('up 1\n');
  });
});

describe('errors', () => {
  const failing = (error: unknown) => {
    const { server } = build();
    server.get('/fail', () => {
      throw error;
    });
    return server.inject('/fail');
  };

  it.each([
    [new AppError('X_BAD', 'bad', { kind: 'permanent' }), 400, 'X_BAD', 'bad'],
    [new AppError('X_GONE', 'gone', { kind: 'permanent', httpStatus: 410 }), 410, 'X_GONE', 'gone'],
    [new AppError('X_LATER', 'later', { kind: 'transient' }), 503, 'X_LATER', 'later'],
    [new Error('password=hunter2'), 500, 'RUNTIME_INTERNAL', 'an internal error of Faultline; its log has the details'],
    ['text', 500, 'RUNTIME_INTERNAL', 'an internal error of Faultline; its log has the details'],
  ])('%s is %d', async (error, status, code, message) => {
    const answer = await failing(error);
    expect([answer.statusCode, answer.json()]).toEqual([status, { code, message }]);
  });

  it('a transient error says when to retry', async () => {
    expect((await failing(new AppError('X', 'x', { kind: 'transient' }))).headers['retry-after']).toBe('5');
  });

  it('bodies over the limit, of an unknown type or not JSON are the sender’s errors', async () => {
    const server = createHttpServer({
      config: httpConfig.parse({ bodyMaxBytes: 1024 }),
      logger: silentLogger,
      health: new Health(),
      authenticator: open,
    });
    server.post('/in', () => 'ok');
    const post = (payload: string, type = 'application/json') =>
      server.inject({ method: 'POST', url: '/in', payload, headers: { 'content-type': type } });
    expect((await post('x'.repeat(2000))).statusCode).toBe(413);
    expect((await post('x', 'image/png')).statusCode).toBe(415);
    expect((await post('{')).json()).toMatchObject({ code: 'RUNTIME_BAD_REQUEST' });
  });

  it('no such address', async () => {
    expect((await build().server.inject('/nowhere?token=1')).json()).toEqual({
      code: 'RUNTIME_NOT_FOUND',
      message: 'nothing at GET /nowhere',
    });
  });

  it('a role that may not', async () => {
    const { server } = build(guarded);
    server.get('/admin', { onRequest: requireIdentity(guarded, 'admin') }, () => 'ok');
    expect((await server.inject({ url: '/admin', headers: bearer })).statusCode).toBe(403);
  });
});

describe('listen', () => {
  const closers: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  it('refuses an address that others can reach while authentication is off', async () => {
    const { server } = build();
    const config = httpConfig.parse({ host: '0.0.0.0', port: 0 });
    await expect(listen(server, { config, authenticator: open })).rejects.toMatchObject({
      code: 'RUNTIME_OPEN_ADDRESS',
    });
    closers.push(() => server.close());
    await expect(listen(server, { config, authenticator: guarded })).resolves.toMatch(/^http:/);
  });

  it('says which port is in use and what to do', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    closers.push(() => other.close());
    const { port } = other.address() as { port: number };
    const { server } = build();
    await expect(listen(server, { config: httpConfig.parse({ port }), authenticator: open })).rejects.toMatchObject({
      code: 'RUNTIME_ADDRESS_IN_USE',
      message: expect.stringContaining(`127.0.0.1:${port} is in use`),
    });
  });

  it('a certificate that is not there', () => {
    const tls = { certificateFile: '/none.pem', keyFile: '/none.pem' };
    expect(() => build(open, { config: httpConfig.parse({ tls }) })).toThrow(
      expect.objectContaining({ code: 'RUNTIME_TLS_UNREADABLE' }),
    );
  });
});

it.each([
  [{ host: '127.0.0.1', port: 9000 }, 'http://127.0.0.1:9000'],
  [{ host: '::1', port: 9000 }, 'http://[::1]:9000'],
  [{ host: 'a', port: 1, tls: { certificateFile: 'c', keyFile: 'k' } }, 'https://a:1'],
])('%o is reached at %s', (config, url) => {
  expect(httpUrlOf(httpConfig.parse(config))).toBe(url);
});
