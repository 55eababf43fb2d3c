import type { SeriesRow } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { rankHypotheses } from '../rank.ts';
import { incident, series } from '../testing/fixture.ts';
import { measuredMetric } from '../vocabulary/made-metric.ts';
import { failingStatus } from '../vocabulary/request-status.ts';
import { requestRows } from './request-rows.ts';

const counter = (service: string, attributes: string, values: readonly [number, number]): SeriesRow => ({
  ...series(service, 'http_requests_total', values, '1/s'),
  attributes,
});
/** A counter of failures appears with the first of them. */
const since = (row: SeriesRow, fromMs: number): SeriesRow => ({
  ...row,
  points: row.points.filter(([atMs]) => atMs >= fromMs),
});

describe('the share of failing requests', () => {
  const rows = [
    counter('api', 'code=200,method=GET', [10, 6]),
    since(counter('api', 'code=503,method=GET', [0, 4]), 600_000),
  ];

  it('is that of the failing ones among all, also where their series begins late', () => {
    const [share, ...others] = requestRows(rows);
    expect(others.map(({ metric }) => metric)).toEqual(['http_requests_total (number)']);
    expect(share).toMatchObject({ service: 'api', unit: '%', attributes: '' });
    const values = share?.points.map(([atMs, mean]) => [atMs < 600_000, mean] as const) ?? [];
    expect(new Set(values.filter(([isEarly]) => isEarly).map(([, mean]) => mean))).toEqual(new Set([0]));
    expect(values.at(-1)?.[1]).toBeCloseTo(40);
  });

  it('refers to the counter that was measured', () => {
    expect(new Set(requestRows(rows).map(({ metric }) => measuredMetric(metric)))).toEqual(
      new Set(['http_requests_total']),
    );
    expect(measuredMetric('cpu')).toBe('cpu');
  });

  it('is none of counters without a status', () =>
    expect(requestRows([series('api', 'http_requests_total', [1, 1])])).toEqual([]));

  it('names a service without spans that fails', () => {
    const more = { declaredEdges: [{ from: 'web', to: 'api' }] };
    const healthy = counter('web', 'code=200', [10, 10]);
    const [first] = rankHypotheses(incident('web', { series: [...rows, healthy] }, more)).hypotheses;
    expect(first?.cause.service).toBe('api');
    expect(first?.evidence[0]).toMatchObject({ kind: 'service-metrics', source: { metric: 'http_requests_total' } });
  });
});

/** The last value of each row. */
const latest = (rows: readonly SeriesRow[]) =>
  Object.fromEntries(rows.map(({ metric, points }) => [metric, points.at(-1)?.[1]]));
/** A point holds a mean, and the number of requests that it is the mean of. */
const histogram = (attributes: string, mean: number, requests: number): SeriesRow => {
  const row = series('api', 'http.server.request.duration', [mean, mean], 's');
  return { ...row, attributes, points: row.points.map(([atMs]) => [atMs, mean, mean, requests] as const) };
};

describe('a histogram of request durations', () => {
  it('tells the number of requests, the share that failed and the mean, over all routes', () => {
    const rows = requestRows([
      histogram('http.response.status_code=200,http.route=/a', 0.1, 6),
      histogram('http.response.status_code=200,http.route=/b', 0.4, 2),
      histogram('http.response.status_code=500,http.route=/b', 0.3, 2),
    ]);
    expect(latest(rows)).toEqual({
      'http.server.request.duration (failed share)': 20,
      'http.server.request.duration (mean)': expect.closeTo(0.2, 6),
      'http.server.request.duration (number)': 10,
    });
    expect(rows.map(({ unit }) => unit)).toEqual(['%', 's', '{request}']);
  });

  it('as Prometheus splits it: the mean is the rate of the sum by the rate of the count', () => {
    const part = (metric: string, attributes: string, value: number): SeriesRow => ({
      ...series('api', metric, [value, value], metric.endsWith('_sum') ? 's' : ''),
      attributes,
    });
    const rows = requestRows([
      part('http_server_requests_seconds_sum', 'status=200,uri=/a', 3),
      part('http_server_requests_seconds_count', 'status=200,uri=/a', 8),
      part('http_server_requests_seconds_sum', 'status=503,uri=/a', 1),
      part('http_server_requests_seconds_count', 'status=503,uri=/a', 2),
    ]);
    expect(latest(rows)).toEqual({
      'http_server_requests_seconds (failed share)': 20,
      'http_server_requests_seconds (mean)': expect.closeTo(0.4, 6),
      'http_server_requests_seconds (number)': 10,
    });
  });

  it.each([
    ['http.server.latency.average', 'code=200'],
    ['http_latency_p99', 'code=200'],
    ['http_request_duration_seconds', 'code=200,quantile=0.99'],
    ['http.server.request.duration', 'http.route=/a'],
  ])('is not %s of %s', (metric, attributes) =>
    expect(requestRows([{ ...series('api', metric, [1, 1], 's'), attributes }])).toEqual([]),
  );

  it('keeps instances apart, and rows that were made are not made again', () => {
    const two = ['api-1', 'api-2'].map((instance) => ({ ...histogram('code=200', 0.1, 1), instance }));
    const rows = requestRows(two);
    expect(rows.map(({ instance }) => instance)).toEqual(['api-1', 'api-1', 'api-1', 'api-2', 'api-2', 'api-2']);
    expect(requestRows([...two, ...rows])).toEqual([]);
  });
});

it.each([
  ['code=200', false],
  ['method=GET,status=503', true],
  ['http.response.status_code=500,http.route=/', true],
  ['response_code=5xx', true],
  ['grpc_code=OK', false],
  ['grpc_code=Unavailable', true],
  ['rpc.grpc.status_code=14', true],
  ['rpc.grpc.status_code=5', false],
  ['outcome=SERVER_ERROR,uri=/', true],
  ['outcome=SUCCESS', false],
  ['method=GET', null],
  ['barcode=500', null],
])('%s: %s', (attributes, expected) => expect(failingStatus(attributes)).toBe(expected));
