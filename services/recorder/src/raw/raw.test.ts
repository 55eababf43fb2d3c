import { expect, it } from 'vitest';
import { logBlock, metricBlock, spanBlock } from '../testing/block.ts';
import { logRows } from './logs.ts';
import { metricRows } from './metrics.ts';
import { traceRows } from './traces.ts';

it('a span row has the columns of the exporter, with events and links as arrays', () => {
  const block = spanBlock([{ service: 'cart', id: 1, name: 'GET /orders/17', kind: 'server', from: 0, to: 5 }]);
  const events = JSON.stringify([
    { timeUnixNano: '17', name: 'exception', attributes: [{ key: 'n', value: { intValue: '3' } }] },
  ]);
  const links = JSON.stringify([{ traceId: 'aa', spanId: 'bb' }]);
  const [row] = traceRows({ ...block, items: block.items.map((item) => ({ ...item, events, links })) });
  expect(row).toMatchObject({
    Tenant: 't',
    ServiceName: 'cart',
    Instance: 'cart-0',
    SpanName: 'GET /orders/17',
    Operation: 'GET /orders/{id}',
    SpanKind: 'Server',
    StatusCode: 'Unset',
    Duration: 5_000_000n,
    'Events.Timestamp': [17n],
    'Events.Name': ['exception'],
    'Events.Attributes': [{ n: '3' }],
    'Links.TraceId': ['aa'],
    'Links.SpanId': ['bb'],
  });
});

it('a span that failed by its code only is stored as failed', () => {
  const attributes = { 'http.response.status_code': '500' };
  const block = spanBlock([{ service: 'cart', id: 1, kind: 'server', from: 0, to: 5, attributes }]);
  expect(traceRows(block)[0]?.StatusCode).toBe('Error');
});

it.each(['', 'no json', '{}', '[1]'])('the events text %j gives no events', (events) => {
  const block = spanBlock([{ service: 'cart', id: 1, from: 0, to: 5 }]);
  const [row] = traceRows({ ...block, items: block.items.map((item) => ({ ...item, events })) });
  expect(row?.['Events.Name']).toEqual([]);
});

it('a line has the id of its template', () => {
  const [first, second] = logRows(
    logBlock([
      { service: 'a', body: 'took 17 ms' },
      { service: 'a', body: 'took 4 ms' },
    ]),
  );
  expect(first?.Template).toBe(second?.Template);
  expect(first?.Body).toBe('took 17 ms');
});

it('points go to the table of their kind; a staleness marker leaves no row', () => {
  const rows = metricRows(
    metricBlock('a', [
      { value: 1 },
      { value: Number.NaN },
      { kind: 'sum', value: 2, temporality: 'cumulative', monotonic: true },
      { kind: 'histogram', count: 3n, sum: 6, bounds: [1], bucketCounts: [1n, 2n], detail: '{"min":1,"max":4}' },
      {
        kind: 'exponentialHistogram',
        detail: '{"scale":2,"zeroCount":"1","positive":{"offset":3,"bucketCounts":["4"]}}',
      },
      { kind: 'summary', detail: '{"quantileValues":[{"quantile":0.5,"value":7}]}' },
    ]),
  );
  expect(rows.otel_metrics_gauge).toMatchObject([{ Value: 1 }]);
  expect(rows.otel_metrics_sum).toMatchObject([{ Value: 2, AggregationTemporality: 2, IsMonotonic: true }]);
  expect(rows.otel_metrics_histogram).toMatchObject([{ Count: 3n, Min: 1, Max: 4, BucketCounts: [1n, 2n] }]);
  expect(rows.otel_metrics_exponential_histogram).toMatchObject([
    { Scale: 2, ZeroCount: 1n, PositiveOffset: 3, PositiveBucketCounts: [4n], NegativeBucketCounts: [] },
  ]);
  expect(rows.otel_metrics_summary).toMatchObject([
    { 'ValueAtQuantiles.Quantile': [0.5], 'ValueAtQuantiles.Value': [7] },
  ]);
});
