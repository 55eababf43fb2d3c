/** Bodies as tools in use send them: nulls, old names, unusable ids, values that are no numbers. */
import { describe, expect, it } from 'vitest';
import { encodeOtlp } from './testing/encode.ts';
import { accept, attribute, json, log, metricsRequest, ns, protobuf, resource, span } from './testing/sample.ts';

const takeJson = (path: string, body: object) => accept(path, body);

function traces(...spans: object[]): object {
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 's' }, spans }] }] };
}
function logs(...logRecords: object[]): object {
  return { resourceLogs: [{ resource, scopeLogs: [{ scope: { name: 's' }, logRecords }] }] };
}
const gauge = (point: object) => ({ name: 'queue_depth', gauge: { dataPoints: [{ timeUnixNano: ns(-1), ...point }] } });

describe('null is unset, also for members of a oneof', () => {
  it('in attributes', () => {
    const value = { stringValue: null, boolValue: null, intValue: '503', doubleValue: null, arrayValue: null };
    const { plain } = takeJson('/v1/traces', traces({ ...span, attributes: [attribute('http.status_code', value)] }));
    expect(plain.spans?.items[0]?.attributes).toEqual({ 'http.status_code': '503' });
  });
  it('in points', () => {
    const { plain } = takeJson('/v1/metrics', metricsRequest([gauge({ asInt: null, asDouble: 3.5 })]));
    expect(plain.metrics?.items[0]?.value).toBe(3.5);
  });
});

describe('what is no number never becomes 0', () => {
  it.each([
    ['no value', {}],
    ['a value that is null', { asDouble: null }],
    ['NaN', { asDouble: 'NaN' }],
    ['infinity', { asDouble: 'Infinity' }],
  ])('%s', (_what, point) => {
    for (const [type, body] of [
      [json, metricsRequest([gauge(point)])],
      [protobuf, encodeOtlp('metrics', metricsRequest([gauge(point)]))],
    ] as const)
      expect(accept('/v1/metrics', body, type).plain.metrics?.items[0]?.value).not.toSatisfy(Number.isFinite);
  });
  it('a quantile of a summary without observations', () => {
    const quantileValues = [{ quantile: 0.99, value: 'NaN' }];
    const point = { timeUnixNano: ns(-1), count: '0', sum: 0, quantileValues };
    const body = metricsRequest([{ name: 'rpc_seconds', summary: { dataPoints: [point] } }]);
    for (const [type, bytes] of [
      [json, body],
      [protobuf, encodeOtlp('metrics', body)],
    ] as const)
      expect(accept('/v1/metrics', bytes, type).plain.metrics?.items[0]?.detail).toContain('"value":"NaN"');
  });
  it('the sum of a histogram that has none', () => {
    const point = { timeUnixNano: ns(-1), count: '3', bucketCounts: ['3'], explicitBounds: [] };
    const body = metricsRequest([
      { name: 'temperature', histogram: { dataPoints: [point], aggregationTemporality: 2 } },
    ]);
    expect(takeJson('/v1/metrics', body).plain.metrics?.items[0]).toMatchObject({ sum: Number.NaN, count: 3n });
  });
});

it.each([
  ['a UUID', '8e3479ca-2854-49a2-b753-bc2482da9a59', '00f067aa0ba902b7'],
  ['a dash', '-', '-'],
  ['base64', 'AvgnOQyRTqSPeJZtQK0Pxg==', 'APBnqgupArc='],
  ['a number', 17, 4],
])('a log line is taken without a trace when its ids are %s', (_what, traceId, spanId) => {
  const { plain, bad } = takeJson('/v1/logs', logs({ ...log, traceId, spanId }));
  expect(plain.logs?.items).toMatchObject([{ traceId: '', spanId: '', body: 'it broke' }]);
  expect(bad).toBeNull();
});

describe('old names', () => {
  it('instrumentation library, of before OTLP 0.15', () => {
    const scope = { instrumentationLibrary: { name: 'lib' }, spans: [span] };
    const { plain } = takeJson('/v1/traces', { resourceSpans: [{ resource, instrumentationLibrarySpans: [scope] }] });
    expect(plain.spans).toMatchObject({ items: [{ name: 'GET /cart' }], resources: [{ scopeName: 'lib' }] });
  });
  it('instrumentation library of logs, whose records were called logs', () => {
    const scope = { instrumentationLibrary: { name: 'lib' }, logs: [log] };
    const { plain } = takeJson('/v1/logs', { resourceLogs: [{ resource, instrumentationLibraryLogs: [scope] }] });
    expect(plain.logs?.items).toHaveLength(1);
  });
  it('names of the .proto file', () => {
    const snake = {
      trace_id: span.traceId,
      span_id: span.spanId,
      name: 'snake',
      kind: 2,
      start_time_unix_nano: ns(-100),
      end_time_unix_nano: ns(-50),
      attributes: [{ key: 'a_key', value: { string_value: 'kept' } }],
    };
    const { plain } = takeJson('/v1/traces', { resource_spans: [{ resource, scope_spans: [{ spans: [snake] }] }] });
    expect(plain.spans?.items).toMatchObject([{ name: 'snake', kind: 'server', attributes: { a_key: 'kept' } }]);
  });
  it('OpenTracing’s tag for the kind', () => {
    const tagged = { ...span, kind: 0, attributes: [attribute('span.kind', { stringValue: 'client' })] };
    expect(takeJson('/v1/traces', traces(tagged)).plain.spans?.items[0]?.kind).toBe('client');
  });
});

it('a body of another signal is refused, and told what was expected', () => {
  const body = logs(log);
  expect(() => accept('/v1/traces', body)).toThrow('resourceSpans: expected an array; the body has resourceLogs');
  expect(accept('/v1/traces', {}).bad).toBeNull();
});
