import type { Commit } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../testing/random.ts';
import type { Failing } from './failing.ts';
import { judgeCommits } from './touches.ts';

const commit = (id: string, message: string, ...files: string[]): Commit => ({
  id,
  author: 'ana',
  message,
  url: '',
  files,
});
const failing = (over: Partial<Failing>): Failing => ({
  services: ['checkout'],
  operations: [],
  logLines: [],
  settings: [],
  ...over,
});
const marks = (commits: readonly Commit[], what: Failing): string[] =>
  judgeCommits(commits, what).flatMap(({ id, touches }) => touches.slice(0, 1).map(({ reason }) => `${id} ${reason}`));

const innocents = [
  commit('i1', 'Bump eslint to 9', 'package.json', 'package-lock.json'),
  commit('i2', 'Explain the release process', 'docs/release.md', 'README.md'),
  commit('i3', 'Show the logo in the header', 'web/src/header/logo.tsx', 'web/src/style/header.css'),
  commit('i4', 'Log the trace id', 'src/telemetry/logger.ts'),
  commit('i5', 'Cache images for a day', 'src/image/cache.ts', 'src/image/cache.test.ts'),
  commit('i6', 'checkout: rename a variable', 'src/checkout/session.ts'),
];

describe('the commit that touches what fails is named with the reason', () => {
  it.each<[string, Commit, Partial<Failing>, string]>([
    [
      'the operation, by path',
      commit('bad', 'Speed up', 'src/route/coupons.ts'),
      { operations: ['POST /api/v1/coupons/{id}'] },
      'operation',
    ],
    [
      'the method of a service',
      commit('bad', 'Rework quotes', 'src/x.ts'),
      { operations: ['shop.v1.Checkout/GetQuote'] },
      'operation',
    ],
    [
      'a stack frame',
      commit('bad', 'Tidy', 'src/payment/charge.ts'),
      { logLines: ['TypeError at charge (/app/src/payment/charge.ts:*)'] },
      'log',
    ],
    [
      'a class in Java',
      commit('bad', 'Tidy', 'a/CartTotals.java'),
      { logLines: ['NullPointerException at com.shop.CartTotals.sum(CartTotals.java:*)'] },
      'log',
    ],
    [
      'the words of a line',
      commit('bad', 'Validate coupons with the ledger', 'src/a.ts'),
      { logLines: ['coupon ledger rejected *'] },
      'log',
    ],
    [
      'a setting, by message',
      commit('bad', 'Rename DB_URL to DATABASE_URL', 'src/a.ts'),
      { settings: ['DB_URL'] },
      'setting',
    ],
    ['a ConfigMap, by file', commit('bad', 'Tidy', 'deploy/pay-config.yaml'), { settings: ['pay-config'] }, 'setting'],
    [
      'a migration',
      commit('bad', 'Split the table', 'db/migrations/0042_split_orders.sql'),
      { logLines: ['relation orders does not exist'] },
      'migration',
    ],
    [
      'a call of the database',
      commit('bad', 'Split the table', 'db/migrate/20260301_orders.rb'),
      { operations: ['SELECT orders'] },
      'operation',
    ],
  ])('%s', (_what, bad, what, reason) => {
    expect(marks([...innocents.slice(0, 3), bad, ...innocents.slice(3)], failing(what))).toEqual([`bad ${reason}`]);
  });

  it('comes first, and tells what touches what', () => {
    const bad = commit('bad', 'Tidy', 'src/payment/charge.ts');
    const [first] = judgeCommits([...innocents, bad], failing({ logLines: ['at charge (src/payment/charge.ts:*)'] }));
    expect(first).toMatchObject({
      id: 'bad',
      author: 'ana',
      touches: [{ reason: 'log', by: 'src/payment/charge.ts' }],
    });
    expect(first).not.toHaveProperty('files');
  });
});

describe('none is named', () => {
  it.each<[string, Partial<Failing>]>([
    [
      'when none touches it',
      { operations: ['GET /basket/total'], logLines: ['no rate for *'], settings: ['TAX_RATE'] },
    ],
    ['by the name of the service', { operations: ['POST /checkout'] }],
    [
      'by words that any program has',
      { operations: ['GET /api/v1/update'], logLines: ['request failed with an error'] },
    ],
    ['by a file that every package has', { logLines: ['at run (src/index.ts:*)'] }],
    ['by one word of a long line', { logLines: ['cache miss rate above threshold of tenant quota'] }],
    ['by a part of a setting', { settings: ['CACHE'] }],
  ])('%s', (_what, what) => {
    const commits = [...innocents, commit('i7', 'Add an index', 'src/index.ts')];
    expect(marks(commits, failing(what))).toEqual([]);
  });

  it('by a word that most commits share', () => {
    const commits = Array.from({ length: 6 }, (_, at) => commit(`c${at}`, 'Invoices', `src/invoice/part-${at}.ts`));
    expect(marks(commits, failing({ operations: ['GET /invoices'] }))).toEqual([]);
  });

  it('while no cause is known', () => {
    expect(judgeCommits(innocents, null).flatMap(({ touches }) => touches)).toEqual([]);
  });
});

it('over generated releases, the right commit of many is named, and none when none touches', () => {
  const parts =
    `basket rebate invoice shipment voucher refund warehouse tariff loyalty coupon parcel stock wallet tax gift review`.split(
      ' ',
    );
  const verbs = ['Simplify', 'Speed up', 'Rework', 'Clean'];
  let [right, wrong] = [0, 0];
  for (let seed = 1; seed <= 200; seed++) {
    const random = createRandom(seed);
    const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
    const order = [...parts].sort(() => random() - 0.5);
    const [bad = '', ...rest] = order;
    const others = rest.slice(0, 4 + Math.floor(random() * 9));
    const make = (part: string) =>
      commit(part, `${pick(verbs)} things`, `src/${part}/${part}-store.ts`, 'package.json');
    const operation = failing({
      operations: [pick([`POST /${bad}s`, `${bad}.Service/Save`, `GET /v2/${bad}s/{id}`]) ?? ''],
    });
    const named = marks([...others, bad].sort().map(make), operation);
    if (named.length === 1 && named[0] === `${bad} operation`) right++;
    if (marks(others.map(make), operation).length > 0) wrong++;
  }
  expect([right, wrong]).toEqual([200, 0]);
});

it('a long word in a log line does not make the work grow with its square', () => {
  const commits = Array.from({ length: 50 }, (_, index) =>
    commit(`c${index}`, 'Tidy', ...Array.from({ length: 60 }, (_none, file) => `pkg/p${index}/f${file}.go`)),
  );
  const logLines = Array.from({ length: 30 }, (_, index) => `${'a'.repeat(1000)}${index}`);
  const before = process.cpuUsage();
  expect(marks(commits, failing({ logLines }))).toEqual([]);
  const { user } = process.cpuUsage(before);
  // Seconds of processor time. It took minutes.
  expect(user / 1e6).toBeLessThan(5);
});
