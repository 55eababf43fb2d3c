import { describe, expect, it } from 'vitest';
import { receivedAtMs, routeOf, testSource } from '../../testing/source.ts';
import { otlp } from './index.ts';
import { encodeOtlp } from './testing/encode.ts';
import {
  accept,
  attribute,
  json,
  log,
  logs,
  metrics,
  metricsRequest,
  ns,
  protobuf,
  span,
  spanId,
  traceId,
  traces,
} from './testing/sample.ts';

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
const expectedResource = { scope: { tenant: 'acme', environment: 'production' }, entities: { service: 'cart' } };

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

describe('both encodings give the same items', () => {
  it.each([
    ['traces', '/v1/traces', traces([span, { ...span, traceId: '00' }])],
    ['logs', '/v1/logs', logs([log, { body: { kvlistValue: { values: [attribute('a', { boolValue: false })] } } }])],
    ['metrics', '/v1/metrics', metricsRequest(metrics)],
  ] as const)('%s', (signal, path, request) => {
    const fromJson = accept(path, request);
    const fromProtobuf = accept(path, encodeOtlp(signal, request), protobuf);
    const asJson = (value: unknown) =>
      JSON.parse(JSON.stringify(value, (_key, field) => (typeof field === 'bigint' ? `${field}n` : field)));
    const parsed = ({ plain: { spans, logs, metrics } }: typeof fromJson) =>
      asJson([spans, logs, metrics].map((some) => ({ ...some, items: some?.items.map(detailParsed) })));
    expect(parsed(fromProtobuf)).toEqual(parsed(fromJson));
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
    const { plain, records } = accept('/v1/traces', body, type);
    expect(plain.spans?.items[0]?.attributes).toMatchObject(expectedAttributes);
    expect(records.spans?.items.buffer.includes('__proto__\u0008kept')).toBe(true);
  }
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
