/** Bodies made to cost as much as they can for their size, in every format. Each is near the size that is asked for. */
import { protoField, varint } from '../sources/otlp/proto-envelope.ts';
import { jsonType, protobufType } from '../sources/otlp/status.ts';
import { contentTypeOf, type WriteMessage } from '../sources/prometheus-remote-write/testing/encode.ts';

export interface Shape {
  readonly name: string;
  readonly source: string;
  readonly path: string;
  readonly contentType: string;
  readonly body: (sizeBytes: number) => Buffer;
}

const nowMs = Date.UTC(2026, 2, 1, 12, 0, 0);

function fixed64(field: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return Buffer.concat([varint((field << 3) | 1), bytes]);
}

const empty = Buffer.alloc(0);
const text = (length: number) => Buffer.alloc(length, 'n');
const timeNs = BigInt(nowMs) * 1_000_000n;

function span(id: number, ...more: Buffer[]): Buffer {
  const traceId = Buffer.alloc(16, 7);
  traceId.writeUInt32BE(id, 0);
  return Buffer.concat([
    protoField(1, traceId),
    protoField(2, Buffer.alloc(8, 7)),
    fixed64(7, timeNs),
    fixed64(8, timeNs),
    ...more,
  ]);
}

const keyValue = (key: string, value: Buffer) => Buffer.concat([protoField(1, Buffer.from(key)), protoField(2, value)]);
const stringValue = (value: Buffer) => protoField(1, value);
const attributes = (count: number, length = 1) =>
  Buffer.concat(
    Array.from({ length: count }, (_, index) => protoField(1, keyValue(`k${index}`, stringValue(text(length))))),
  );

/** A request of one resource: its attributes, then its scopes. */
const request = (resource: Buffer, ...scopes: Buffer[]) =>
  protoField(1, Buffer.concat([protoField(1, resource), ...scopes]));
const scope = (...items: Buffer[]) => protoField(2, Buffer.concat(items.map((item) => protoField(2, item))));
const named = (name: Buffer, ...items: Buffer[]) =>
  protoField(2, Buffer.concat([protoField(1, protoField(1, name)), ...items.map((item) => protoField(2, item))]));
const times = (sizeBytes: number, part: Buffer) =>
  Buffer.alloc(Math.floor(sizeBytes / part.length) * part.length, part);
const many = (sizeBytes: number, part: (index: number) => Buffer) => {
  const count = Math.floor(sizeBytes / part(0).length);
  return Buffer.concat(Array.from({ length: count }, (_, index) => part(index)));
};

const emptyScope = protoField(2, empty);
const point = fixed64(3, timeNs);
const gauge = (name: Buffer, points: Buffer) => Buffer.concat([protoField(1, name), protoField(5, points)]);
const histogram = (data: Buffer) =>
  Buffer.concat([protoField(1, text(1)), protoField(10, protoField(1, Buffer.concat([fixed64(3, timeNs), data])))]);

const protobuf = (path: string, name: string, body: Shape['body']): Shape => ({
  name: `${path} ${name}`,
  source: 'otlp',
  path,
  contentType: protobufType,
  body,
});

const protobufShapes: readonly Shape[] = [
  protobuf('/v1/traces', 'a long scope name', (size) => request(empty, named(text(size), span(1)))),
  protobuf('/v1/traces', 'empty scopes of a resource with many attributes', (size) =>
    request(attributes(1000), times(size, emptyScope)),
  ),
  protobuf('/v1/traces', 'a scope for each span of a large resource', (size) =>
    request(
      attributes(100, 600),
      many(size, (index) => scope(span(index))),
    ),
  ),
  protobuf('/v1/traces', 'empty resources', (size) => times(size, protoField(1, empty))),
  protobuf('/v1/traces', 'empty spans', (size) => request(empty, protoField(2, times(size, protoField(2, empty))))),
  protobuf('/v1/traces', 'bad spans of a large resource', (size) =>
    request(
      protoField(1, keyValue('k', stringValue(text(size >> 1)))),
      protoField(2, times(size >> 1, protoField(2, empty))),
    ),
  ),
  protobuf('/v1/traces', 'empty events', (size) => request(empty, scope(span(1, times(size, protoField(11, empty)))))),
  protobuf('/v1/traces', 'empty links', (size) => request(empty, scope(span(1, times(size, protoField(13, empty)))))),
  protobuf('/v1/traces', 'empty attributes', (size) =>
    request(empty, scope(span(1, times(size, protoField(9, empty))))),
  ),
  protobuf('/v1/traces', 'a list of empty values', (size) => {
    const list = protoField(5, times(size, protoField(1, empty)));
    return request(empty, scope(span(1, protoField(9, keyValue('k', list)))));
  }),
  protobuf('/v1/traces', 'long names of attributes', (size) =>
    request(empty, scope(span(1, protoField(9, keyValue('k'.repeat(size), empty))))),
  ),
  protobuf('/v1/traces', 'a long service name', (size) =>
    request(protoField(1, keyValue('service.name', stringValue(text(size)))), scope(span(1))),
  ),
  protobuf('/v1/traces', 'ordinary spans', (size) =>
    request(
      attributes(10),
      protoField(
        2,
        many(size, (index) => protoField(2, span(index, protoField(9, keyValue('k', stringValue(text(20))))))),
      ),
    ),
  ),
  protobuf('/v1/metrics', 'a long name and many points', (size) =>
    request(empty, scope(gauge(text(size >> 1), times(size >> 1, protoField(1, point))))),
  ),
  protobuf('/v1/metrics', 'a long name and many bad points', (size) =>
    request(empty, scope(gauge(text(size >> 1), times(size >> 1, protoField(1, empty))))),
  ),
  protobuf('/v1/metrics', 'many buckets', (size) =>
    request(empty, scope(histogram(protoField(8, protoField(2, Buffer.alloc(size)))))),
  ),
  protobuf('/v1/logs', 'empty lines', (size) => request(empty, protoField(2, times(size, protoField(2, empty))))),
];

const write = (message: WriteMessage, name: string, body: Shape['body']): Shape => ({
  name: `${message} ${name}`,
  source: 'prometheus-remote-write',
  path: '/api/v1/write',
  contentType: contentTypeOf(message),
  body,
});

const varintField = (field: number, value: number) => Buffer.concat([varint(field << 3), varint(value)]);
const sample = protoField(2, varintField(2, nowMs));
const label = (name: string, value: Buffer) =>
  protoField(1, Buffer.concat([protoField(1, Buffer.from(name)), protoField(2, value)]));
const metricName = label('__name__', Buffer.from('m'));
const write1 = 'prometheus.WriteRequest';
const write2 = 'io.prometheus.write.v2.Request';
/** Symbols 1 and 2 name a metric; `more` stands from 3 on. */
const symbols = (...more: Buffer[]) =>
  Buffer.concat([empty, Buffer.from('__name__'), Buffer.from('m'), ...more].map((symbol) => protoField(4, symbol)));
const references = (...refs: number[]) => protoField(1, Buffer.concat(refs.map(varint)));

const writeShapes: readonly Shape[] = [
  write(write1, 'ordinary series', (size) =>
    many(size, (index) =>
      protoField(1, Buffer.concat([metricName, label('pod', Buffer.from(`cart-${index % 100}`)), sample])),
    ),
  ),
  write(write1, 'a target for each series', (size) =>
    many(size, (index) => protoField(1, Buffer.concat([metricName, label('job', Buffer.from(`j${index}`)), sample]))),
  ),
  write(write1, 'empty series', (size) => times(size, protoField(1, empty))),
  write(write1, 'empty samples', (size) =>
    protoField(1, Buffer.concat([metricName, times(size, protoField(2, empty))])),
  ),
  write(write1, 'empty labels', (size) => protoField(1, Buffer.concat([times(size, protoField(1, empty)), sample]))),
  write(write1, 'metadata', (size) =>
    many(size, (index) => protoField(3, Buffer.concat([varintField(1, 1), protoField(2, Buffer.from(`m${index}`))]))),
  ),
  write(write1, 'many buckets', (size) =>
    protoField(1, Buffer.concat([metricName, protoField(4, protoField(12, Buffer.alloc(size)))])),
  ),
  write(write1, 'wide gaps between buckets', (size) => {
    const span = protoField(11, Buffer.concat([varintField(1, 4000), varintField(2, 1)]));
    const histogram = Buffer.concat([span, span, protoField(12, Buffer.from([2, 0])), varintField(15, nowMs)]);
    return protoField(1, Buffer.concat([metricName, times(size, protoField(4, histogram))]));
  }),
  write(write2, 'ordinary series', (size) =>
    Buffer.concat([
      symbols(Buffer.from('pod'), Buffer.from('cart-1')),
      times(size, protoField(5, Buffer.concat([references(1, 2, 3, 4), sample]))),
    ]),
  ),
  write(write2, 'one long label in every series', (size) =>
    Buffer.concat([
      symbols(Buffer.from('pod'), text(size >> 1)),
      times(size >> 1, protoField(5, Buffer.concat([references(1, 2, 3, 4), sample]))),
    ]),
  ),
  write(write2, 'empty symbols', (size) => times(size, protoField(4, empty))),
  write(write2, 'a long list of references', (size) =>
    Buffer.concat([symbols(), protoField(5, Buffer.concat([protoField(1, Buffer.alloc(size, 1)), sample]))]),
  ),
];

const filled = (open: string, part: string, close: string) => (sizeBytes: number) => {
  const count = Math.max(1, Math.floor((sizeBytes - open.length - close.length) / (part.length + 1)));
  return Buffer.from(`${open}${Array.from({ length: count }, () => part).join(',')}${close}`);
};

const json = (source: string, path: string, name: string, body: Shape['body'], contentType = jsonType): Shape => ({
  name: `${path} ${name} (JSON)`,
  source,
  path,
  contentType,
  body,
});

const resourceJson = JSON.stringify({
  attributes: Array.from({ length: 100 }, (_, index) => ({ key: `k${index}`, value: { stringValue: 'v' } })),
});
const alertJson = '{"status":"firing","labels":{"alertname":"A"}}';

const jsonShapes: readonly Shape[] = [
  json(
    'otlp',
    '/v1/traces',
    'empty scopes',
    filled(`{"resourceSpans":[{"resource":${resourceJson},"scopeSpans":[`, '{}', ']}]}'),
  ),
  json('otlp', '/v1/traces', 'empty spans', filled('{"resourceSpans":[{"scopeSpans":[{"spans":[', '{}', ']}]}]}')),
  json('otlp', '/v1/traces', 'empty lists', filled('{"resourceSpans":[', '[]', ']}')),
  json(
    'otlp',
    '/v1/metrics',
    'bad points',
    filled('{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"m","gauge":{"dataPoints":[', '{}', ']}}]}]}]}'),
  ),
  json('alertmanager', '/ingest/alertmanager', 'small alerts', filled('{"alerts":[', alertJson, ']}')),
  json('alertmanager', '/ingest/alertmanager', 'empty alerts', filled('{"alerts":[', '{}', ']}')),
  json('alertmanager', '/ingest/alertmanager', 'one long label', (size) =>
    Buffer.from(JSON.stringify({ alerts: [{ status: 'firing', labels: { alertname: 'x'.repeat(size) } }] })),
  ),
  json('alertmanager', '/api/v2/alerts', 'small alerts', filled('[', '{"labels":{"alertname":"A"}}', ']')),
  json('grafana', '/ingest/grafana', 'small alerts', filled('{"alerts":[', alertJson, ']}')),
  json(
    'pagerduty',
    '/generic/2010-04-15/create_event.json',
    'many details',
    filled('{"service_key":"k","event_type":"trigger","description":"s","details":{"a":[', '{"b":"c"}', ']}}'),
  ),
  json(
    'pagerduty',
    '/v2/change/enqueue',
    'many links',
    filled('{"routing_key":"k","payload":{"summary":"s","source":"s"},"links":[', '{"href":"https://a"}', ']}'),
  ),
  json(
    'pagerduty',
    '/ingest/pagerduty',
    'many assignees',
    filled(
      '{"event":{"event_type":"incident.triggered","occurred_at":"2026-03-01T11:59:00Z","data":{"id":"P1","title":"t","assignees":[',
      '{"id":"A"}',
      ']}}}',
    ),
  ),
  json('pagerduty', '/v2/enqueue', 'long details', (size) =>
    Buffer.from(
      JSON.stringify({ event_action: 'trigger', payload: { summary: 's', custom_details: { a: 'x'.repeat(size) } } }),
    ),
  ),
  json(
    'pagerduty',
    '/v2/enqueue',
    'many details',
    filled(
      '{"event_action":"trigger","payload":{"summary":"s","source":"s","severity":"error","custom_details":{"a":[',
      '{"b":"c"}',
      ']}}}',
    ),
  ),
  json(
    'cloudevents',
    '/ingest/cloudevents',
    'small events',
    filled('[', '{"specversion":"1.0","id":"1","source":"/a","type":"dev.cdevents.service.deployed.0.1.0"}', ']'),
    'application/cloudevents-batch+json',
  ),
  json(
    'cloudevents',
    '/ingest/cloudevents',
    'empty events',
    filled('[', '{}', ']'),
    'application/cloudevents-batch+json',
  ),
];

/** One shape for each way known to make a decoder work for nothing. */
export const shapes: readonly Shape[] = [...protobufShapes, ...writeShapes, ...jsonShapes];
