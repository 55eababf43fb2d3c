import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Store } from '../port.ts';
import { type Batch, periodMs } from '../rows.ts';
import { minute, question } from '../testing/question.ts';
import { baseMs, counter, gauge, openTestStore, type TestStore, tenant } from '../testing/rows.ts';

let opened: TestStore;
let store: Store;
beforeAll(async () => {
  opened = await openTestStore();
  store = opened.store;
}, 60_000);
afterAll(() => opened.close());

const insert = (token: string, ...batches: readonly Omit<Batch, 'token'>[]) =>
  store.insert(batches.map((batch) => ({ ...batch, token: `${tenant}/${token}` }) as Batch));

const day = 24 * 60 * minute;
/** Start of the period that holds the near past's begin. */
const nearMs = Math.floor((baseMs + 5 * minute) / periodMs) * periodMs;
const ask = async (Environment: string, farMs = day) => {
  const seriesHistory = { fromMs: nearMs - farMs, toMs: nearMs };
  const series = { ...question.series, fromMs: nearMs };
  const answer = await store.answerEvidence({
    ...question,
    scope: { tenant, environment: Environment },
    series,
    seriesHistory,
  });
  return answer.series.map(({ metric, history }) => ({ metric, history }));
};
const ago = (periods: number, secondsIn = 0) => nearMs - periods * periodMs + secondsIn * 1000;

it('the far past of a gauge is told by the means of its periods', async () => {
  const Environment = 'far-gauge';
  const far = [1, 2, 3, 4].flatMap((value, index) =>
    [0, 60].map((at) => gauge(ago(4 - index, at), { Environment, Value: value + (at === 0 ? -0.5 : 0.5) })),
  );
  await insert('far/0/0', { table: 'otel_metrics_gauge', rows: [...far, gauge(nearMs, { Environment, Value: 9 })] });
  expect(await ask(Environment)).toEqual([
    { metric: 'memory', history: { count: 4, min: 1, p01: 1, p25: 2, p50: 3, p75: 4, p99: 4, max: 4 } },
  ]);
});

it('a counter grows inside its periods, and one in which it was reset tells nothing', async () => {
  const Environment = 'far-counter';
  const values = [
    [2, 100, 700],
    [1, 900, 20],
  ] as const;
  const far = values.flatMap(([periods, first, last]) => [
    counter(ago(periods), { Environment, Value: first }),
    counter(ago(periods, 200), { Environment, Value: last }),
  ]);
  const near = [0, 60].map((at) => counter(nearMs + at * 1000, { Environment, Value: 30 + at }));
  await insert('far/0/1', { table: 'otel_metrics_sum', rows: [...far, ...near] });
  const [requests] = await ask(Environment);
  expect(requests?.history).toMatchObject({ count: 1, min: 3, p50: 3, max: 3 });
});

it('a series without a far past has one of count 0, and what is only far is no series', async () => {
  const Environment = 'far-none';
  const rows = [gauge(nearMs, { Environment, MetricName: 'new' }), gauge(ago(3), { Environment, MetricName: 'gone' })];
  await insert('far/0/2', { table: 'otel_metrics_gauge', rows });
  expect(await ask(Environment)).toEqual([{ metric: 'new', history: expect.objectContaining({ count: 0 }) }]);
});

it('of a service with more series than an answer holds, the fullest ones come, with their past', async () => {
  const Environment = 'far-many';
  const names = Array.from({ length: 510 }, (_, index) => `metric-${String(index).padStart(3, '0')}`);
  const rows = names.flatMap((MetricName, index) => [
    gauge(ago(2), { Environment, MetricName, Value: index }),
    gauge(nearMs, { Environment, MetricName, Value: index }),
    // The last ones have a point more.
    ...(index < 10 ? [] : [gauge(nearMs + minute, { Environment, MetricName, Value: index })]),
  ]);
  await insert('far/0/many', { table: 'otel_metrics_gauge', rows });
  const series = await ask(Environment);
  expect(series.map(({ metric }) => metric)).toEqual(names.slice(10));
  expect(series.map(({ history }) => history.p50)).toEqual(names.slice(10).map((_, index) => index + 10));
});

it('a past too long to read whole is sampled at all times of day alike', async () => {
  const Environment = 'far-long';
  const names = Array.from({ length: 30 }, (_, index) => `metric-${index}`);
  const periods = (14 * day) / periodMs;
  // One value by hour of day: a sample that leaves hours out would show.
  const rowsOf = (MetricName: string) =>
    Array.from({ length: periods }, (_, index) => {
      const atMs = nearMs - (index + 1) * periodMs;
      return gauge(atMs, { Environment, MetricName, Value: Math.floor((atMs % day) / (60 * minute)) });
    });
  for (const name of names) {
    const rows = [...rowsOf(name), gauge(nearMs, { Environment, MetricName: name })];
    await insert(`far/0/long-${name}`, { table: 'otel_metrics_gauge', rows });
  }
  const all = await ask(Environment, 14 * day);
  expect(all.map(({ metric }) => metric).sort()).toEqual([...names].sort());
  for (const { history } of all) {
    expect(history.count).toBeLessThan(periods);
    expect(history.count * names.length).toBeGreaterThan(40_000);
    expect(history).toMatchObject({ min: 0, max: 23 });
    expect([5, 6]).toContain(history.p25);
    expect([17, 18]).toContain(history.p75);
  }
}, 60_000);
