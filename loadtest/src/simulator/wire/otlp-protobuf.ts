/**
 * Encodes telemetry as OTLP export requests in protobuf, as agents send it. Items of one sender share a resource.
 * `shiftMs` moves all times.
 */
import protobuf from 'protobufjs/minimal.js';
import type { Sender, SentLog, SentPoint, SentSpan } from '../telemetry/telemetry.ts';

type Writer = protobuf.Writer;
type Labels = Readonly<Record<string, string>>;

export interface WireOptions {
  readonly shiftMs: number;
  readonly resourceLabels: (sender: Sender) => Labels;
  /** Attributes of a span beside those that the simulator gives it. */
  readonly spanLabels: (span: SentSpan) => Labels;
}

const kinds = { server: 2, client: 3, producer: 4, consumer: 5 } as const;
const severities = { INFO: 9, WARN: 13, ERROR: 17 } as const;
const cumulative = 2;

/** An ExportTraceServiceRequest. */
export function encodeSpans(spans: readonly SentSpan[], options: WireOptions): Uint8Array<ArrayBuffer> {
  return encode(spans, options, (writer, span) => {
    writer.uint32(10).bytes(Buffer.from(span.traceId, 'hex')).uint32(18).bytes(Buffer.from(span.spanId, 'hex'));
    if (span.parentSpanId !== '') writer.uint32(34).bytes(Buffer.from(span.parentSpanId, 'hex'));
    writer.uint32(42).string(span.name).uint32(48).int32(kinds[span.kind]);
    writer.uint32(57).fixed64(nanos(span.startMs + options.shiftMs));
    writer.uint32(65).fixed64(nanos(span.endMs + options.shiftMs));
    writeLabels(writer, 74, { ...options.spanLabels(span), ...span.attributes });
    if (span.failed) writer.uint32(122).fork().uint32(24).int32(2).ldelim();
  });
}

/** An ExportLogsServiceRequest. */
export function encodeLogs(logs: readonly SentLog[], options: WireOptions): Uint8Array<ArrayBuffer> {
  return encode(logs, options, (writer, { atMs, severity, body, span }) => {
    writer
      .uint32(9)
      .fixed64(nanos(atMs + options.shiftMs))
      .uint32(16)
      .int32(severities[severity]);
    writer.uint32(26).string(severity).uint32(42).fork().uint32(10).string(body).ldelim();
    if (span === null) return;
    writer.uint32(74).bytes(Buffer.from(span.traceId, 'hex')).uint32(82).bytes(Buffer.from(span.spanId, 'hex'));
  });
}

/** An ExportMetricsServiceRequest. Each point is a metric of its own. */
export function encodePoints(points: readonly SentPoint[], options: WireOptions): Uint8Array<ArrayBuffer> {
  return encode(points, options, (writer, { metric, unit, kind, atMs, value, attributes }) => {
    writer.uint32(10).string(metric).uint32(26).string(unit);
    writer
      .uint32(kind === 'gauge' ? 42 : 58)
      .fork()
      .uint32(10)
      .fork();
    writer
      .uint32(25)
      .fixed64(nanos(atMs + options.shiftMs))
      .uint32(33)
      .double(value);
    writeLabels(writer, 58, attributes);
    writer.ldelim();
    if (kind === 'counter') writer.uint32(16).int32(cumulative).uint32(24).bool(true);
    writer.ldelim();
  });
}

function encode<Item extends { readonly sender: Sender }>(
  items: readonly Item[],
  { resourceLabels }: WireOptions,
  write: (writer: Writer, item: Item) => void,
): Uint8Array<ArrayBuffer> {
  const writer = protobuf.Writer.create();
  const bySender = Map.groupBy(items, ({ sender: { service, instance } }) => `${service}\n${instance}`);
  for (const [first, ...rest] of bySender.values()) {
    if (first === undefined) continue;
    writer.uint32(10).fork().uint32(10).fork();
    writeLabels(writer, 10, { ...labelsOf(first.sender), ...resourceLabels(first.sender) });
    writer.ldelim().uint32(18).fork();
    for (const item of [first, ...rest]) {
      writer.uint32(18).fork();
      write(writer, item);
      writer.ldelim();
    }
    writer.ldelim().ldelim();
  }
  return new Uint8Array(writer.finish());
}

function labelsOf({ service, instance, node, zone, cluster, version }: Sender): Labels {
  return {
    'service.name': service,
    'service.version': version,
    'service.instance.id': instance,
    'k8s.pod.name': instance,
    'k8s.node.name': node,
    'cloud.availability_zone': zone,
    'k8s.cluster.name': cluster,
  };
}

function writeLabels(writer: Writer, tag: number, labels: Labels): void {
  for (const [key, value] of Object.entries(labels)) {
    if (value === '') continue;
    writer.uint32(tag).fork().uint32(10).string(key);
    writer.uint32(18).fork().uint32(10).string(value).ldelim().ldelim();
  }
}

/** Epoch milliseconds as the two halves of a 64-bit number of nanoseconds that protobufjs writes. */
function nanos(ms: number): protobuf.Long {
  const value = BigInt(Math.round(ms * 1_000)) * 1_000n;
  return {
    low: Number(BigInt.asIntN(32, value)),
    high: Number(BigInt.asIntN(32, value >> 32n)),
    unsigned: true,
  } as protobuf.Long;
}
