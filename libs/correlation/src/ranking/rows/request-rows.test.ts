import type { SeriesRow } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { rankHypotheses } from '../rank.ts';
import { incident, series } from '../testing/fixture.ts';
import { failingStatus } from '../vocabulary/request-status.ts';
import { measuredMetric, requestRows } from './request-rows.ts';

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
    expect(others).toEqual([]);
    expect(share).toMatchObject({ service: 'api', unit: '%', attributes: '' });
    const values = share?.points.map(([atMs, mean]) => [atMs < 600_000, mean] as const) ?? [];
    expect(new Set(values.filter(([isEarly]) => isEarly).map(([, mean]) => mean))).toEqual(new Set([0]));
    expect(values.at(-1)?.[1]).toBeCloseTo(40);
  });

  it('refers to the counter that was measured', () => {
    expect(requestRows(rows).map(({ metric }) => measuredMetric(metric))).toEqual(['http_requests_total']);
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
