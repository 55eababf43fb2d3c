import { describe, expect, it } from 'vitest';
import { receivedAtMs, routeOf, testContext, testRequest, testSource } from '../../source.testing.ts';
import { encodeOtlp } from './encode.testing.ts';
import { otlp } from './index.ts';

const json = 'application/json';
const protobuf = 'application/x-protobuf';
const ns = (offsetMs: number) => `${BigInt(receivedAtMs + offsetMs) * 1_000_000n + 789n}`;
const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const attribute = (key: string, value: object) => ({ key, value });
const resource = {
  attributes: [
    attribute('service.name', { stringValue: 'cart' }),
    attribute('deployment.environment.name', { stringValue: 'prod' }),
  ],
};
const span = {
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
const log = {
  timeUnixNano: ns(-50),
  observedTimeUnixNano: ns(-40),
  severityNumber: 17,
  severityText: 'ERROR',
  body: { stringValue: 'it broke' },
  attributes: [attribute('thread', { stringValue: 'main' })],
  traceId,
  spanId,
};
const times = { startTimeUnixNano: ns(-60_000), timeUnixNano: ns(0) };
const histogram = {
  ...times,
  count: '3',
  sum: 6,
  bucketCounts: ['1', '2', '0'],
  explicitBounds: [1, 5],
  min: 0.5,
  max: 4,
};
const exponential = {
  ...times,
  count: '2',
  sum: 8,
  scale: -1,
  zeroCount: '1',
  positive: { offset: -2, bucketCounts: ['1', '1'] },
};
const metrics = [
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
const traces = (spans: readonly object[]) => ({
  resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'lib', version: '1' }, spans }] }],
});
const logs = (logRecords: readonly object[]) => ({
  resourceLogs: [{ resource, scopeLogs: [{ scope: {}, logRecords }] }],
});
const metricsRequest = (list: readonly object[]) => ({
  resourceMetrics: [{ resource, scopeMetrics: [{ scope: {}, metrics: list }] }],
});

const expectedSpan = {
  resource: 0,
  traceId,
  spanId,
  parentSpanId: '00f067aa0ba902b7',
  name: 'GET /cart',
  kind: 'server',
  status: 'error',
  statusMessage: 'boom',
  startNs: BigInt(ns(-100)),
  durationNs: 42_000_000n,
  traceState: 'a=b',
};
const expectedAttributes = {
  text: 'é',
  flag: 'true',
  int: '-9007199254740993',
  double: '0.5',
  list: '["a",1]',
  map: '{"k":1.5}',
  bytes: 'aGVsbG8=',
};
const expectedResource = { scope: { tenant: 'acme', environment: 'prod' }, entities: { service: 'cart' } };

testSource(otlp, [
  {
    name: 'spans',
    path: '/v1/traces',
    contentType: json,
    body: traces([span]),
    records: { spans: { resources: [expectedResource], items: [expectedSpan] } },
  },
  {
    name: 'spans in protobuf',
    path: '/v1/traces',
    contentType: protobuf,
    body: encodeOtlp('traces', traces([span])),
    records: { spans: { resources: [expectedResource], items: [expectedSpan] } },
  },
  {
    name: 'enums by name, numbers as numbers, upper-case ids, unknown fields',
    path: '/v1/traces',
    contentType: json,
    body: traces([
      {
        ...span,
        kind: 'SPAN_KIND_CLIENT',
        status: { code: 'STATUS_CODE_OK' },
        traceId: traceId.toUpperCase(),
        tomorrow: {},
        startTimeUnixNano: (receivedAtMs - 100) * 1e6,
      },
    ]),
    records: { spans: { items: [{ kind: 'client', status: 'ok', traceId }] } },
  },
  {
    name: 'logs',
    path: '/v1/logs',
    contentType: json,
    body: logs([log]),
    records: {
      logs: {
        items: [{ body: 'it broke', severityNumber: 17, timeNs: BigInt(ns(-50)), timeKnown: true, traceId, spanId }],
      },
    },
  },
  {
    name: 'metrics',
    path: '/v1/metrics',
    contentType: json,
    body: metricsRequest(metrics),
    records: {
      metrics: {
        items: [
          { value: 0.25, kind: 'gauge' },
          { value: 42, monotonic: true, temporality: 'cumulative' },
          { value: 2, bounds: [1, 5], bucketCounts: [1n, 2n, 0n] },
          { kind: 'exponentialHistogram', value: 4 },
          { kind: 'summary', value: 1.5 },
        ],
      },
    },
  },
  {
    name: 'nothing',
    path: '/v1/metrics',
    contentType: protobuf,
    body: Buffer.alloc(0),
    records: { metrics: { items: [] } },
  },
  {
    name: 'spans that is a number',
    path: '/v1/traces',
    contentType: json,
    body: { resourceSpans: 5 },
    status: 400,
    reason: 'resourceSpans: expected an array',
  },
  {
    name: 'protobuf that ends early',
    path: '/v1/traces',
    contentType: protobuf,
    body: Buffer.from([10, 200, 1, 3]),
    status: 400,
    reason: 'ends beyond the body',
  },
]);

function accept(path: string, body: object | Buffer, contentType = json) {
  const result = routeOf(otlp, path).accept(testRequest({ contentType, body }), testContext());
  if (!result.ok) throw new Error(result.problem.reason);
  return result;
}

describe('both encodings give the same items', () => {
  it.each([
    ['traces', '/v1/traces', traces([span, { ...span, traceId: '00' }])],
    ['logs', '/v1/logs', logs([log, { body: { kvlistValue: { values: [attribute('a', { boolValue: false })] } } }])],
    ['metrics', '/v1/metrics', metricsRequest(metrics)],
  ] as const)('%s', (signal, path, request) => {
    const fromJson = accept(path, request);
    const fromProtobuf = accept(path, encodeOtlp(signal, request), protobuf);
    const plain = (value: unknown) =>
      JSON.parse(JSON.stringify(value, (_key, field) => (typeof field === 'bigint' ? `${field}n` : field)));
    const withoutSizes = ({ records }: typeof fromJson) =>
      plain(Object.values(records).map(({ resources, items }) => ({ resources, items: items.map(detailParsed) })));
    expect(withoutSizes(fromProtobuf)).toEqual(withoutSizes(fromJson));
    expect(fromProtobuf.bad?.count).toBe(fromJson.bad?.count);
  });

  /** JSON texts may order their fields differently. */
  function detailParsed(item: object): object {
    const { detail, events, links, ...rest } = item as { detail?: string; events?: string; links?: string };
    return { ...rest, texts: [detail, events, links].map((text) => (text ? JSON.parse(text) : '')) };
  }
});

it('attribute values become text', () => {
  for (const [body, type] of [
    [traces([span]), json],
    [encodeOtlp('traces', traces([span])), protobuf],
  ] as const) {
    const attributes = accept('/v1/traces', body, type).records.spans?.items[0]?.attributes ?? {};
    expect(attributes).toMatchObject(expectedAttributes);
    expect(Object.getOwnPropertyDescriptor(attributes, '__proto__')?.value).toBe('kept');
  }
});

const badSpans: readonly (readonly [string, object, string])[] = [
  ['a trace id of zeros', { traceId: '0'.repeat(32) }, 'traceId'],
  ['a short trace id', { traceId: 'ab' }, 'traceId'],
  ['no span id', { spanId: '' }, 'spanId'],
  ['a start in 1970', { startTimeUnixNano: '1000' }, 'startTimeUnixNano'],
  ['an end in 2100', { endTimeUnixNano: `${BigInt(Date.UTC(2100, 0)) * 1_000_000n}` }, 'endTimeUnixNano'],
  [
    '10,000 attributes',
    { attributes: Array.from({ length: 10_000 }, (_, i) => attribute(`a${i}`, { intValue: '1' })) },
    'attributes',
  ],
  ['a value nested too deep', { attributes: [attribute('deep', nestedValue(20))] }, 'attributes'],
];

function nestedValue(depth: number): object {
  return depth === 0 ? { stringValue: 'x' } : { arrayValue: { values: [nestedValue(depth - 1)] } };
}

describe.each([json, protobuf])('bad spans never sink the batch (%s)', (contentType) => {
  const encoded = (request: object) => (contentType === json ? request : encodeOtlp('traces', request));
  const context = testContext();
  const deep = { ...context, config: { ...context.config, limits: { ...context.config.limits, jsonDepth: 1000 } } };
  it.each(badSpans)('%s', (_name, wrong, field) => {
    const body = encoded(traces([span, { ...span, ...wrong }, span]));
    const result = routeOf(otlp, '/v1/traces').accept(testRequest({ contentType, body }), deep);
    if (!result.ok) throw new Error(result.problem.reason);
    expect(result.records.spans?.items.length).toBe(2);
    expect(result.bad?.problems).toEqual([expect.objectContaining({ reason: expect.stringContaining(field) })]);
    const again = routeOf(otlp, '/v1/traces').accept(
      testRequest({ contentType, body: Buffer.from(result.bad?.payload() ?? []) }),
      deep,
    );
    expect(again).toMatchObject({ ok: true, bad: { count: 1 }, records: { spans: { items: [] } } });
  });
});

it('a negative time is told as what it is, a number that cannot be', () => {
  const result = accept('/v1/traces', traces([{ ...span, startTimeUnixNano: -5 }]));
  expect(result.bad?.problems[0]?.code).toBe('INGEST_UNUSABLE_TIME');
});

it('an end before the start is kept with duration 0, and says so', () => {
  const [item] = accept('/v1/traces', traces([{ ...span, endTimeUnixNano: ns(-101) }])).records.spans?.items ?? [];
  expect(item).toMatchObject({ durationNs: 0n, attributes: { 'faultline.negative_duration_ns': '-1000000' } });
});

it.each([
  ['its own time', {}, ns(-50), true],
  ['the time observed', { timeUnixNano: '0' }, ns(-40), true],
  [
    'the time of receipt',
    { timeUnixNano: '5', observedTimeUnixNano: `${2n ** 63n}` },
    `${BigInt(receivedAtMs) * 1_000_000n}`,
    false,
  ],
])('a log record takes %s', (_name, wrong, expected, timeKnown) => {
  const [item] = accept('/v1/logs', logs([{ ...log, ...wrong }])).records.logs?.items ?? [];
  expect(item).toMatchObject({ timeNs: BigInt(expected), timeKnown });
});

it('a refused point is kept without its good neighbours', () => {
  const gauge = {
    name: 'cpu',
    unit: '1',
    gauge: {
      dataPoints: [
        { timeUnixNano: ns(0), asDouble: 1 },
        { timeUnixNano: '1', asDouble: 2 },
      ],
    },
  };
  for (const [body, type] of [
    [metricsRequest([gauge]), json],
    [encodeOtlp('metrics', metricsRequest([gauge])), protobuf],
  ] as const) {
    const result = accept('/v1/metrics', body, type);
    expect(result.records.metrics?.items.length).toBe(1);
    const again = accept('/v1/metrics', Buffer.from(result.bad?.payload() ?? []), type);
    expect([again.records.metrics?.items.length, again.bad?.count]).toEqual([0, 1]);
  }
});

it('text that is not UTF-8 is mended, not refused', () => {
  const bytes = encodeOtlp('traces', traces([{ ...span, name: 'XXXX' }]));
  bytes.fill(0xff, bytes.indexOf('XXXX'), bytes.indexOf('XXXX') + 4);
  expect(accept('/v1/traces', bytes, protobuf).records.spans?.items[0]?.name).toBe('\ufffd'.repeat(4));
});

it('answers in the encoding of the request', () => {
  const route = routeOf(otlp, '/v1/traces');
  const result = accept('/v1/traces', traces([span, { ...span, spanId: '' }]));
  expect(JSON.parse(String(route.replyAccepted(result, { contentType: json }).body))).toEqual({
    partialSuccess: { rejectedSpans: '1', errorMessage: 'spanId: expected 8 bytes that are not all zero (1)' },
  });
  const binary = Buffer.from(route.replyAccepted(result, { contentType: protobuf }).body);
  expect([binary[0], binary[2], binary[3]]).toEqual([0x0a, 0x08, 1]);
  expect(binary.includes('spanId: expected 8 bytes')).toBe(true);
});
