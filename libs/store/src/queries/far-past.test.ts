import { expect, it } from 'vitest';
import { periodMs } from '../rows.ts';
import { minute, query } from '../testing/query.ts';
import { baseMs, counter, gauge, tenant } from '../testing/rows.ts';
import { useTestStore } from '../testing/use-store.ts';

const opened = useTestStore();

const day = 24 * 60 * minute;
/** Start of the period that holds the beginning of the recent range. */
const nearMs = Math.floor((baseMs + 5 * minute) / periodMs) * periodMs;
const answer = (environment: string, { farMs = day, metrics }: { farMs?: number; metrics?: string } = {}) => {
  const seriesHistory = { fromMs: nearMs - farMs, toMs: nearMs };
  const series = { ...query.series, fromMs: nearMs, ...(metrics === undefined ? {} : { metrics }) };
  return opened.store.answerEvidence({ ...query, scope: { tenant, environment }, series, seriesHistory });
};
const ask = async (Environment: string, farMs = day) => {
  const { series } = await answer(Environment, { farMs });
  return series.map(({ metric, history }) => ({ metric, history }));
};
const ago = (periods: number, secondsIn = 0) => nearMs - periods * periodMs + secondsIn * 1000;

it('the far past of a gauge is told by the means of its periods', async () => {
  const Environment = 'far-gauge';
  const far = [1, 2, 3, 4].flatMap((value, index) =>
    [0, 60].map((at) => gauge(ago(4 - index, at), { Environment, Value: value + (at === 0 ? -0.5 : 0.5) })),
  );
  await opened.insert('far/0/0', {
    table: 'otel_metrics_gauge',
    rows: [...far, gauge(nearMs, { Environment, Value: 9 })],
  });
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
  await opened.insert('far/0/1', { table: 'otel_metrics_sum', rows: [...far, ...near] });
  const [requests] = await ask(Environment);
  expect(requests?.history).toMatchObject({ count: 1, min: 3, p50: 3, max: 3 });
});

it('an insert that is repeated, and points that come late, count once and in their own period', async () => {
  const Environment = 'far-repeated';
  const delta = { Environment, MetricName: 'sent', AggregationTemporality: 1 } as const;
  const sent = (periods: number) => ({
    table: 'otel_metrics_sum' as const,
    rows: [counter(ago(periods), { ...delta, Value: 600 })],
  });
  await opened.insert('far/0/near', { table: 'otel_metrics_sum', rows: [counter(nearMs, { ...delta, Value: 1 })] });
  for (const periods of [2, 2, 3, 2]) await opened.insert(`far/0/repeated-${periods}`, sent(periods));
  const [row] = await ask(Environment);
  expect(row?.history).toMatchObject({ count: 2, min: 2, max: 2 });
});

it('a series without a far past has one of count 0, and what is only far is no series', async () => {
  const Environment = 'far-none';
  const rows = [gauge(nearMs, { Environment, MetricName: 'new' }), gauge(ago(3), { Environment, MetricName: 'gone' })];
  await opened.insert('far/0/2', { table: 'otel_metrics_gauge', rows });
  expect(await ask(Environment)).toEqual([{ metric: 'new', history: expect.objectContaining({ count: 0 }) }]);
});

it('with more series than an answer holds, of each service in turn the fullest come, with their past, and it is said', async () => {
  const Environment = 'far-many';
  const sent = (ServiceName: string, count: number) =>
    Array.from({ length: count }, (_, index) => ({
      Environment,
      ServiceName,
      MetricName: `metric-${index}`,
      Value: index,
    }));
  const rows = [...sent('large', 1_600), ...sent('small', 20)].flatMap((row) => [
    gauge(ago(2), row),
    gauge(nearMs, row),
    // The first ones have most points.
    ...(row.Value < 100 ? [gauge(nearMs + minute, row)] : []),
  ]);
  await opened.insert('far/0/many', { table: 'otel_metrics_gauge', rows });
  const { series, missing } = await answer(Environment);
  const of = (name: string) => series.filter(({ service }) => service === name);
  expect([of('small').length, of('large').length]).toEqual([20, 1_480]);
  expect(new Set(of('large').map(({ metric }) => metric))).toContain('metric-99');
  expect(series.every(({ metric, history }) => history.p50 === Number(metric.slice(7)))).toBe(true);
  expect(missing).toContainEqual({ part: 'series', code: 'truncated', detail: '1500' });
});

it('metrics whose names are not selected for are left out', async () => {
  const Environment = 'far-names';
  const rows = ['process.CPU.time', 'build_info'].map((MetricName) => gauge(nearMs, { Environment, MetricName }));
  await opened.insert('far/0/names', { table: 'otel_metrics_gauge', rows });
  const { series } = await answer(Environment, { metrics: 'cpu|mem(?:ory)?' });
  expect(series.map(({ metric }) => metric)).toEqual(['process.CPU.time']);
});

it('a past too long to read whole is sampled at all times of day alike', async () => {
  const Environment = 'far-long';
  const names = Array.from({ length: 30 }, (_, index) => `metric-${index}`);
  const periods = (14 * day) / periodMs;
  // One value per hour of day, so a sample that leaves hours out would show.
  const rowsOf = (MetricName: string) =>
    Array.from({ length: periods }, (_, index) => {
      const atMs = nearMs - (index + 1) * periodMs;
      return gauge(atMs, { Environment, MetricName, Value: Math.floor((atMs % day) / (60 * minute)) });
    });
  for (const name of names) {
    const rows = [...rowsOf(name), gauge(nearMs, { Environment, MetricName: name })];
    await opened.insert(`far/0/long-${name}`, { table: 'otel_metrics_gauge', rows });
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
