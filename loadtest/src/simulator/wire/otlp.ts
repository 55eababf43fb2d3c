/** Encodes telemetry as OTLP/JSON export requests. `shiftMs` moves all times. */
import type { Sender, SentLog, SentPoint, SentSpan, SpanKind } from '../telemetry/telemetry.ts';

type Attribute = { key: string; value: { stringValue: string } };

const attributesOf = (record: Readonly<Record<string, string>>): Attribute[] =>
  Object.entries(record)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => ({ key, value: { stringValue: value } }));

/** Milliseconds with a fraction as whole nanoseconds, in the format of OTLP/JSON. */
export const nanos = (ms: number): string =>
  (BigInt(Math.floor(ms)) * 1_000_000n + BigInt(Math.round((ms - Math.floor(ms)) * 1e6))).toString();

/** Resource attributes of a sender beside the usual ones. They override those of the same name. */
export type ResourceLabels = (sender: Sender) => Readonly<Record<string, string>>;

const noLabels: ResourceLabels = () => ({});

export const resourceOf = (
  { service, instance, node, zone, cluster, version }: Sender,
  extra: Record<string, string>,
) => ({
  attributes: attributesOf({
    'service.name': service,
    'service.version': version,
    'k8s.pod.name': instance,
    'k8s.node.name': node,
    'cloud.availability_zone': zone,
    'k8s.cluster.name': cluster,
    ...extra,
  }),
});

const itemsPerRequest = 3_000;
/** The former name of the simulator. It is part of the bytes that a seed gives, so it stays. */
const scope = { name: 'faultlab' };

function* grouped<Item extends { readonly sender: Sender }>(
  items: readonly Item[],
  write: (sender: Sender, own: Item[]) => object,
): Generator<object[]> {
  for (let first = 0; first < items.length; first += itemsPerRequest) {
    const groups = Map.groupBy(
      items.slice(first, first + itemsPerRequest),
      ({ sender }) => `${sender.service}\n${sender.instance}\n${sender.version}\n${sender.node}`,
    );
    yield [...groups.values()].map((own) => write((own[0] as Item).sender, own));
  }
}

const kinds: Readonly<Record<SpanKind, number>> = { server: 2, client: 3, producer: 4, consumer: 5 };

/** ExportTraceServiceRequest messages. */
export function* traceRequests(
  spans: readonly SentSpan[],
  shiftMs: number,
  labels: ResourceLabels = noLabels,
): Generator<object> {
  const write = (span: SentSpan): object => ({
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    name: span.name,
    kind: kinds[span.kind],
    startTimeUnixNano: nanos(span.startMs + shiftMs),
    endTimeUnixNano: nanos(span.endMs + shiftMs),
    status: span.failed ? { code: 2 } : {},
    attributes: attributesOf(span.attributes),
  });
  for (const resourceSpans of grouped(spans, (sender, own) => ({
    resource: resourceOf(sender, labels(sender)),
    scopeSpans: [{ scope, spans: own.map(write) }],
  })))
    yield { resourceSpans };
}

const severities = { INFO: 9, WARN: 13, ERROR: 17 } as const;

/** ExportLogsServiceRequest messages. */
export function* logRequests(
  logs: readonly SentLog[],
  shiftMs: number,
  labels: ResourceLabels = noLabels,
): Generator<object> {
  const write = ({ atMs, severity, body, span }: SentLog): object => ({
    timeUnixNano: nanos(atMs + shiftMs),
    severityText: severity,
    severityNumber: severities[severity],
    body: { stringValue: body },
    ...(span === null ? {} : { traceId: span.traceId, spanId: span.spanId }),
  });
  for (const resourceLogs of grouped(logs, (sender, own) => ({
    resource: resourceOf(sender, labels(sender)),
    scopeLogs: [{ scope, logRecords: own.map(write) }],
  })))
    yield { resourceLogs };
}

/** ExportMetricsServiceRequest messages. */
export function* metricRequests(
  points: readonly SentPoint[],
  shiftMs: number,
  labels: ResourceLabels = noLabels,
): Generator<object> {
  const write = ({ metric, unit, kind, atMs, value, attributes }: SentPoint): object => {
    const dataPoints = [{ timeUnixNano: nanos(atMs + shiftMs), asDouble: value, attributes: attributesOf(attributes) }];
    return {
      name: metric,
      unit,
      ...(kind === 'gauge'
        ? { gauge: { dataPoints } }
        : { sum: { dataPoints, isMonotonic: true, aggregationTemporality: 2 } }),
    };
  };
  for (const resourceMetrics of grouped(points, (sender, own) => ({
    resource: resourceOf(sender, labels(sender)),
    scopeMetrics: [{ scope, metrics: own.map(write) }],
  })))
    yield { resourceMetrics };
}
