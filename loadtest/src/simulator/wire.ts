/**
 * Encodes simulated telemetry, changes and alerts as real tools send them: OTLP/JSON, CDEvents, PagerDuty,
 * Alertmanager. `shiftMs` moves all times.
 */
import type { Change } from './fault/change.ts';
import type { FiredAlert } from './rules/rule.ts';
import type { Sender, SentLog, SentPoint, SentSpan, SpanKind } from './telemetry/telemetry.ts';

type Attribute = { key: string; value: { stringValue: string } };

const attributesOf = (record: Readonly<Record<string, string>>): Attribute[] =>
  Object.entries(record)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => ({ key, value: { stringValue: value } }));

/** Milliseconds with a fraction as whole nanoseconds, in the format of OTLP/JSON. */
const nanos = (ms: number): string =>
  (BigInt(Math.floor(ms)) * 1_000_000n + BigInt(Math.round((ms - Math.floor(ms)) * 1e6))).toString();

const resourceOf = ({ service, instance, node, zone, cluster, version }: Sender) => ({
  attributes: attributesOf({
    'service.name': service,
    'service.version': version,
    'k8s.pod.name': instance,
    'k8s.node.name': node,
    'cloud.availability_zone': zone,
    'k8s.cluster.name': cluster,
  }),
});

const itemsPerRequest = 3_000;
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
export function* traceRequests(spans: readonly SentSpan[], shiftMs: number): Generator<object> {
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
    resource: resourceOf(sender),
    scopeSpans: [{ scope, spans: own.map(write) }],
  })))
    yield { resourceSpans };
}

const severities = { INFO: 9, WARN: 13, ERROR: 17 } as const;

/** ExportLogsServiceRequest messages. */
export function* logRequests(logs: readonly SentLog[], shiftMs: number): Generator<object> {
  const write = ({ atMs, severity, body, span }: SentLog): object => ({
    timeUnixNano: nanos(atMs + shiftMs),
    severityText: severity,
    severityNumber: severities[severity],
    body: { stringValue: body },
    ...(span === null ? {} : { traceId: span.traceId, spanId: span.spanId }),
  });
  for (const resourceLogs of grouped(logs, (sender, own) => ({
    resource: resourceOf(sender),
    scopeLogs: [{ scope, logRecords: own.map(write) }],
  })))
    yield { resourceLogs };
}

/** ExportMetricsServiceRequest messages. */
export function* metricRequests(points: readonly SentPoint[], shiftMs: number): Generator<object> {
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
    resource: resourceOf(sender),
    scopeMetrics: [{ scope, metrics: own.map(write) }],
  })))
    yield { resourceMetrics };
}

/** A CDEvents `service.deployed` in a structured CloudEvent. */
export function deployedEvent({ service, version, previousVersion, actor, atMs }: Change, shiftMs: number): object {
  const timestamp = new Date(atMs + shiftMs).toISOString();
  const id = `${service}-${version}-${timestamp}`;
  const type = 'dev.cdevents.service.deployed.0.3.0';
  const content = { artifactId: `pkg:oci/${service}@${version}` };
  return {
    specversion: '1.0',
    id,
    source: '/ci/lab',
    type,
    time: timestamp,
    datacontenttype: 'application/json',
    data: {
      context: { specversion: '0.6.0', id, source: '/ci/lab', type, timestamp },
      subject: { id: service, source: '/ci/lab', type: 'service', content },
      customData: { actor, version, previousVersion },
    },
  };
}

/** A PagerDuty change event. */
export function configEvent({ service, summary, actor, atMs }: Change, shiftMs: number): object {
  return {
    routing_key: 'lab',
    payload: {
      summary,
      source: 'settings',
      timestamp: new Date(atMs + shiftMs).toISOString(),
      custom_details: { service, actor, kind: 'config' },
    },
  };
}

/** Alertmanager's webhook, version 4, for one transition of one alert. */
export function alertmanagerWebhook(alert: FiredAlert, status: 'firing' | 'resolved', shiftMs: number): object {
  const time = (ms: number): string => new Date(ms + shiftMs).toISOString();
  return {
    version: '4',
    groupKey: `{}:{alertname="${alert.name}"}`,
    truncatedAlerts: 0,
    status,
    receiver: 'faultline',
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example',
    alerts: [
      {
        status,
        labels: { alertname: alert.name, severity: alert.severity, ...alert.labels },
        annotations: { summary: alert.summary },
        startsAt: time(alert.atMs),
        endsAt: status === 'resolved' && alert.endMs !== null ? time(alert.endMs) : '0001-01-01T00:00:00Z',
        generatorURL: '',
        fingerprint: '',
      },
    ],
  };
}
