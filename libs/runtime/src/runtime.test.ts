import { describe, expect, it } from 'vitest';
import { authConfig, bearerToken, createAuthenticator, createToken, hashToken } from './auth.ts';
import { isLoopback } from './bind.ts';
import { AppError, describeErrors } from './error.ts';
import { Health } from './health.ts';
import { createLogger, logConfig } from './log.ts';
import { Secret } from './secret.ts';
import { describeStartError } from './start-error.ts';
import { backoffMs, sleep } from './time.ts';

describe('time', () => {
  it.each([
    [1, 100],
    [2, 200],
    [4, 800],
    [9, 5000],
    [5000, 5000],
  ])('after failure %d the wait is drawn from 0 to %d ms', (attempt, step) => {
    const options = { baseMs: 100, maxMs: 5000 };
    expect(backoffMs(attempt, options, () => 0)).toBe(0);
    expect(backoffMs(attempt, options, () => 0.5)).toBe(step / 2);
  });

  it('sleep ends when it is aborted, before and during', async () => {
    const stop = new AbortController();
    const sleeping = sleep(60_000, stop.signal);
    stop.abort();
    await sleeping;
    await sleep(60_000, stop.signal);
  });
});

describe('tokens', () => {
  const { token, hash } = createToken();
  const config = (extra: object) => authConfig.safeParse({ tokens: [{ name: 'n', hash, role: 'admin', ...extra }] });

  it('a token is recognised by its hash alone', () => {
    const authenticator = createAuthenticator(
      authConfig.parse({ tokens: [{ name: 'n', hash, role: 'admin', tenant: 'acme' }] }),
    );
    expect(authenticator.identify(token)).toEqual({ name: 'n', tenant: 'acme', source: null, role: 'admin' });
    expect(authenticator.identify(`${token}x`)).toBeNull();
    expect(authenticator.identify(hash)).toBeNull();
    expect(authenticator.identify(null)).toBeNull();
  });

  it('no tokens: off, and nobody is known', () => {
    const authenticator = createAuthenticator(authConfig.parse({}));
    expect([authenticator.enabled, authenticator.identify(token)]).toEqual([false, null]);
  });

  it.each([
    [{ hash: 'letmein' }, false],
    [{ hash: token }, false],
    [{ role: 'source' }, false],
    [{ role: 'source', source: 'alertmanager' }, true],
    [{ tenant: 'a/b' }, false],
  ])('%j', (extra, good) => {
    expect(config(extra).success).toBe(good);
  });

  it('two tokens differ, and a hash does not', () => {
    expect(createToken().token).not.toBe(createToken().token);
    expect(hashToken('a')).toBe('sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb');
  });

  it.each([
    ['Bearer abc', 'abc'],
    ['bearer  abc', 'abc'],
    ['Basic abc', null],
    ['Bearer', null],
    [undefined, null],
  ])('%s', (header, expected) => {
    expect(bearerToken(header)).toBe(expected);
  });
});

it.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['127.example.com', false],
])('%s is loopback: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

describe('log', () => {
  const lines: string[] = [];
  const logger = (config: object) =>
    createLogger(logConfig.parse(config), {
      write: (line) => void lines.push(line),
      isTerminal: false,
      clock: () => 0,
    });

  it('writes one object per line, from the level up', () => {
    const { debug, warn } = logger({ level: 'info' });
    debug('quiet');
    warn('two\nlines', { part: 'bus', count: 2 });
    expect(lines.splice(0)).toEqual([
      '{"time":"1970-01-01T00:00:00.000Z","level":"warn","message":"two\\nlines","part":"bus","count":2}\n',
    ]);
  });

  it('a secret among the fields stays masked', () => {
    const fields = { token: new Secret('hunter2') as unknown as string };
    logger({}).info('in', fields);
    logger({ format: 'human' }).info('in', fields);
    expect(lines.splice(0).join('')).not.toContain('hunter2');
  });
});

describe('health', () => {
  it('is ok when every part is', () => {
    const health = new Health();
    expect(health.report()).toEqual({ ok: true, parts: {} });
    health.set('b', { ok: true, detail: '' });
    health.set('a', { ok: false, detail: 'down' });
    expect(health.report()).toMatchObject({ ok: false });
    expect(Object.keys(health.report().parts)).toEqual(['a', 'b']);
    health.remove('a');
    expect(health.report().ok).toBe(true);
  });
});

describe('describeErrors', () => {
  it('lists every code under its package', () => {
    expect(describeErrors({ bus: { BUS_A: 'a | b' } })).toContain(
      '## bus\n\n| code | what it means and what to do |\n|---|---|\n| `BUS_A` | a \\| b |',
    );
  });

  it('one code belongs to one package', () => {
    expect(() => describeErrors({ bus: { A: '' }, store: { A: '' } })).toThrow(
      'A is in the catalogues of both bus and store',
    );
  });
});

describe('describeStartError', () => {
  const failed = (cause: object) =>
    new AppError('RUNTIME_START_FAILED', 'bus: it failed', {
      kind: 'permanent',
      cause: Object.assign(new Error('x'), cause),
    });

  it.each([
    [{ code: 'ENOSPC' }, 'the disk is full'],
    [{ code: 'EACCES' }, 'no permission'],
    [{ code: 'ERR_SQLITE_ERROR', errcode: 5 }, 'the data folder is locked by another process'],
    [{ code: 'ERR_SQLITE_ERROR', errcode: 261 }, 'the data folder is locked by another process'],
    [{ code: 'ERR_SQLITE_ERROR', errcode: 13 }, 'the disk is full'],
  ])('%j: %s', (cause, advice) => {
    expect(describeStartError(failed(cause))).toMatch(
      `faultline did not start: bus: it failed [RUNTIME_START_FAILED]\n  what to do: ${advice}`,
    );
  });

  it('an error that already says what to do is unchanged', () => {
    const error = new AppError('RUNTIME_ADDRESS_IN_USE', 'port 1 is in use; stop it', {
      kind: 'permanent',
      cause: Object.assign(new Error(), { code: 'EADDRINUSE' }),
    });
    expect(describeStartError(error)).toBe(
      'faultline did not start: port 1 is in use; stop it [RUNTIME_ADDRESS_IN_USE]',
    );
  });

  it('a bug shows where it is', () => {
    expect(describeStartError(new TypeError('x is not a function'))).toContain('runtime.test.ts');
  });
});
