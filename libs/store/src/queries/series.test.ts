import { expect, it } from 'vitest';
import { minute, query } from '../testing/query.ts';
import { baseMs, counter, gauge, tenant } from '../testing/rows.ts';
import { useTestStore } from '../testing/use-store.ts';

const opened = useTestStore();

const metrics = { Environment: 'metrics' };
const askMetrics = () => opened.store.answerEvidence({ ...query, scope: { tenant, environment: 'metrics' } });

it('a gauge comes as means and maxima of its steps, with its far past', async () => {
  const far = [1, 2, 3, 4].map((value) => gauge(baseMs + value * 30_000, { ...metrics, Value: value }));
  const near = [10, 20].map((value, index) =>
    gauge(baseMs + 5 * minute + index * 10_000, { ...metrics, Value: value, Attributes: { b: '2', a: '1' } }),
  );
  const same = far.map((row) => ({ ...row, Attributes: { a: '1', b: '2' } }));
  await opened.insert('metrics/0/0', { table: 'otel_metrics_gauge', rows: [...same, ...near] });
  const { series, watermarks } = await askMetrics();
  expect(series).toEqual([
    {
      service: 'cart',
      instance: 'cart-1',
      node: 'n1',
      metric: 'memory',
      unit: 'By',
      attributes: 'a=1,b=2',
      points: [[baseMs + 5 * minute, 15, 20, 2]],
      history: { count: 1, min: 2.5, p01: 2.5, p25: 2.5, p50: 2.5, p75: 2.5, p99: 2.5, max: 2.5 },
    },
  ]);
  expect(watermarks.metrics).toBe(baseMs + 5 * minute + 10_000);
});

it('a cumulative counter comes as a rate per second, also over a reset', async () => {
  const values = [1000, 1300, 1900, 60];
  const rows = values.map((value, index) =>
    counter(baseMs + 5 * minute + (index - 1) * 30_000, { ...metrics, Value: value }),
  );
  await opened.insert('metrics/0/1', { table: 'otel_metrics_sum', rows });
  const requests = (await askMetrics()).series.filter(({ metric }) => metric === 'requests');
  expect(requests.map(({ points }) => points)).toEqual([
    [
      [baseMs + 5 * minute, 10, 10, 1],
      [baseMs + 5 * minute + 30_000, 20, 20, 1],
      [baseMs + 5 * minute + 60_000, 2, 2, 1],
    ],
  ]);
});

it('a cumulative histogram comes as the mean of what was added, with its count', async () => {
  const rows = [
    [10n, 100],
    [14n, 140],
    [24n, 1140],
  ] as const;
  await opened.insert('metrics/0/2', {
    table: 'otel_metrics_histogram',
    rows: rows.map(([Count, Sum], index) => {
      const { Value: _value, ...point } = gauge(baseMs + 5 * minute + (index - 1) * 30_000, metrics);
      return {
        ...point,
        MetricName: 'latency',
        Count,
        Sum,
        BucketCounts: [Count],
        ExplicitBounds: [],
        Min: 0,
        Max: 0,
        AggregationTemporality: 2,
      } as const;
    }),
  });
  const latency = (await askMetrics()).series.filter(({ metric }) => metric === 'latency');
  expect(latency.map(({ points }) => points)).toEqual([
    [
      [baseMs + 5 * minute, 10, 10, 4],
      [baseMs + 5 * minute + 30_000, 100, 100, 10],
    ],
  ]);
});

it('deltas come as a rate, and a delta histogram as its mean', async () => {
  const delta = { ...metrics, MetricName: 'sent', AggregationTemporality: 1 } as const;
  const at = (index: number) => baseMs + 5 * minute + index * 30_000;
  const sums = [0, 1, 2].map((index) => counter(at(index), { ...delta, Value: 60 }));
  const histograms = [0, 1].map((index) => {
    const { Value: _value, ...point } = gauge(at(index), { ...delta, MetricName: 'size' });
    return {
      ...point,
      Count: 4n,
      Sum: 8,
      BucketCounts: [],
      ExplicitBounds: [],
      Min: 1,
      Max: 3,
      AggregationTemporality: 1,
    } as const;
  });
  await opened.insert(
    'metrics/0/3',
    { table: 'otel_metrics_sum', rows: sums },
    { table: 'otel_metrics_histogram', rows: histograms },
  );
  const { series } = await askMetrics();
  const pointsOf = (name: string) => series.filter(({ metric }) => metric === name).map(({ points }) => points);
  expect(pointsOf('sent')).toEqual([[0, 1, 2].map((index) => [at(index), 2, 2, 1])]);
  expect(pointsOf('size')).toEqual([[0, 1].map((index) => [at(index), 2, 2, 4])]);
});
