/** One request of each signal with every field in use, for the tests of OTLP. */
import { plainRecords } from '../../../testing/plain.ts';
import { receivedAtMs, routeOf, testContext, testRequest } from '../../../testing/source.ts';
import { otlp } from '../index.ts';

export const json = 'application/json';
export const protobuf = 'application/x-protobuf';
export const ns = (offsetMs: number) => `${BigInt(receivedAtMs + offsetMs) * 1_000_000n + 789n}`;
export const traceId = '0af7651916cd43dd8448eb211c80319c';
export const spanId = 'b7ad6b7169203331';
export const attribute = (key: string, value: object) => ({ key, value });
export const resource = {
  attributes: [
    attribute('service.name', { stringValue: 'cart' }),
    attribute('deployment.environment.name', { stringValue: 'prod' }),
  ],
};
export const span = {
  traceId,
  spanId,
  parentSpanId: '00f067aa0ba902b7',
  name: 'GET /cart',
  kind: 2,
  startTimeUnixNano: ns(-100),
  endTimeUnixNano: ns(-58),
  traceState: 'a=b',
  attributes: [
    attribute('text', { stringValue: 'é' }),
    attribute('flag', { boolValue: true }),
    attribute('int', { intValue: '-9007199254740993' }),
    attribute('double', { doubleValue: 0.5 }),
    attribute('list', { arrayValue: { values: [{ stringValue: 'a' }, { intValue: '1' }] } }),
    attribute('map', { kvlistValue: { values: [attribute('k', { doubleValue: 1.5 })] } }),
    attribute('bytes', { bytesValue: 'aGVsbG8=' }),
    attribute('__proto__', { stringValue: 'kept' }),
  ],
  events: [{ timeUnixNano: ns(-60), name: 'exception', attributes: [attribute('m', { stringValue: 'boom' })] }],
  links: [{ traceId, spanId, traceState: '', attributes: [] }],
  status: { code: 2, message: 'boom' },
};
export const log = {
  timeUnixNano: ns(-50),
  observedTimeUnixNano: ns(-40),
  severityNumber: 17,
  severityText: 'ERROR',
  body: { stringValue: 'it broke' },
  attributes: [attribute('thread', { stringValue: 'main' })],
  traceId,
  spanId,
};
export const times = { startTimeUnixNano: ns(-60_000), timeUnixNano: ns(0) };
export const histogram = {
  ...times,
  count: '3',
  sum: 6,
  bucketCounts: ['1', '2', '0'],
  explicitBounds: [1, 5],
  min: 0.5,
  max: 4,
};
export const exponential = {
  ...times,
  count: '2',
  sum: 8,
  scale: -1,
  zeroCount: '1',
  positive: { offset: -2, bucketCounts: ['1', '1'] },
};
export const metrics = [
  {
    name: 'cpu',
    unit: '1',
    gauge: {
      dataPoints: [{ timeUnixNano: ns(0), asDouble: 0.25, attributes: [attribute('core', { intValue: '1' })] }],
    },
  },
  {
    name: 'requests',
    unit: '1',
    sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [{ ...times, asInt: '42' }] },
  },
  { name: 'latency', unit: 's', histogram: { aggregationTemporality: 1, dataPoints: [histogram] } },
  { name: 'size', unit: 'By', exponentialHistogram: { aggregationTemporality: 2, dataPoints: [exponential] } },
  {
    name: 'gc',
    unit: 's',
    summary: { dataPoints: [{ ...times, count: '2', sum: 3, quantileValues: [{ quantile: 0.5, value: 1 }] }] },
  },
];
export const traces = (spans: readonly object[]) => ({
  resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'lib', version: '1' }, spans }] }],
});
export const logs = (logRecords: readonly object[]) => ({
  resourceLogs: [{ resource, scopeLogs: [{ scope: {}, logRecords }] }],
});
export const metricsRequest = (list: readonly object[]) => ({
  resourceMetrics: [{ resource, scopeMetrics: [{ scope: {}, metrics: list }] }],
});

export function accept(
  path: string,
  body: object | Buffer,
  contentType = json,
  context: Parameters<typeof testContext>[0] = {},
) {
  const result = routeOf(otlp, path).accept(testRequest({ contentType, body }), testContext(context));
  if (!result.ok) throw new Error(result.problem.reason);
  return { ...result, plain: plainRecords(result.records) };
}
