import { expect, it } from 'vitest';
import { z } from 'zod';
import { storeConfig } from './config.ts';
import { pageSize, pageToken, parsePageToken } from './queries/page.ts';
import { createResourcePool } from './resource-pool.ts';
import { windowStartMs } from './rows.ts';
import { translateError } from './translate-error.ts';

it('a configuration may be empty, and a wrong one is refused with its path', () => {
  expect(storeConfig.parse({})).toMatchObject({ kind: 'embedded', folder: 'data/store', rawDays: 7, windowDays: 42 });
  const problems = (value: unknown) => storeConfig.safeParse(value).error?.issues.map(({ path }) => path.join('.'));
  expect(problems({ kind: 'cloud' })).toEqual(['kind']);
  expect(problems({ url: 'ftp://x' })).toEqual(['url']);
  expect(problems({ rawDays: 0, database: 'a b' })).toEqual(['database', 'rawDays']);
  expect(problems({ ttl: 1 })).toEqual(['']);
});

it('the password prints masked', () => {
  expect(JSON.stringify(storeConfig.parse({ password: 'hunter2' }))).not.toContain('hunter2');
});

it('every key of the configuration has a description', () => {
  const { properties } = z.toJSONSchema(storeConfig, { io: 'input' });
  const silent = Object.entries(properties ?? {}).filter(
    ([, schema]) => typeof schema === 'boolean' || !schema.description,
  );
  expect(silent.map(([name]) => name)).toEqual([]);
});

it.each([
  ['data', { code: '27' }, 'STORE_REJECTED', 'permanent'],
  ['a missing table', { code: '60' }, 'STORE_REJECTED', 'permanent'],
  ['a wrong password', { code: '516' }, 'STORE_DENIED', 'permanent'],
  ['a slow query', { code: '159' }, 'STORE_UNAVAILABLE', 'transient'],
  ['too many parts', { code: '252' }, 'STORE_UNAVAILABLE', 'transient'],
  ['no memory', { code: '241' }, 'STORE_UNAVAILABLE', 'transient'],
  ['a closed socket', { code: 'ECONNRESET' }, 'STORE_UNAVAILABLE', 'transient'],
])('%s is told by code', (_what, fields, code, kind) => {
  const error = Object.assign(new Error('row: hunter2'), fields);
  expect(translateError(error)).toMatchObject({ code, kind, cause: error });
  expect(translateError(error).message).not.toContain('hunter2');
});

it('a pool runs no more work at once than it has resources, in order, and becomes idle when all is done', async () => {
  const pool = createResourcePool(['a', 'b']);
  const log: string[] = [];
  const gates: (() => void)[] = [];
  const work = (name: string) =>
    pool.run(async () => {
      log.push(`+${name}`);
      await new Promise<void>((resolve) => gates.push(resolve));
      log.push(`-${name}`);
      if (name === '2') throw new Error('two');
    });
  const all = Promise.allSettled(['1', '2', '3'].map(work));
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  await turn();
  expect(log).toEqual(['+1', '+2']);
  gates[1]?.();
  await turn();
  expect(log).toEqual(['+1', '+2', '-2', '+3']);
  for (const open of gates) open();
  await pool.idle();
  expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(log).toEqual(['+1', '+2', '-2', '+3', '-1', '-3']);
});

it('a page token is decoded as it was encoded, and nonsense is null', () => {
  expect(parsePageToken(pageToken(5, 'a"', ''))).toEqual({ atMs: 5, key: ['a"', ''] });
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  for (const token of ['', '%', encode({}), encode(['x']), encode([1, 2]), encode([1.5, 'a'])])
    expect(parsePageToken(token)).toBeNull();
});

it('a page has between 1 and 500 items', () => {
  expect([-1, 0, 7.9, 1e9].map((size) => pageSize({ size, token: null }))).toEqual([1, 1, 7, 500]);
});

it('a window starts at its multiple of ten seconds', () => {
  expect([0, 9_999, 10_000, 1_700_000_005_123].map(windowStartMs)).toEqual([0, 0, 10_000, 1_700_000_000_000]);
});

it('a pool runs the earliest deadline first, and equal deadlines in order of arrival', async () => {
  const pool = createResourcePool(['a']);
  const began: string[] = [];
  const work = (name: string) => async () => void began.push(name);
  const later = [pool.run(work('running'), 9), pool.run(work('revision'), 5_000), pool.run(work('another'), 5_000)];
  await Promise.all([...later, pool.run(work('first page'), 2_000), pool.run(work('list'))]);
  expect(began).toEqual(['running', 'list', 'first page', 'revision', 'another']);
});
