/** The shop's telemetry, changes and alerts as the bytes that real tools send: OTLP/JSON, CDEvents, Alertmanager's webhook. */
import type { ShopAlert } from './alerts.ts';
import type { ShopChange } from './fault.ts';
import type { Random } from './random.ts';
import type { Shop } from './topology.ts';
import type { ShopLog, ShopSpan } from './traffic.ts';

type Attribute = { key: string; value: { stringValue: string } };

const attributes = (record: Readonly<Record<string, string>>): Attribute[] =>
  Object.entries(record).map(([key, value]) => ({ key, value: { stringValue: value } }));

/** Milliseconds with a fraction to whole nanoseconds, as OTLP/JSON writes them. */
const nanos = (ms: number): string =>
  (BigInt(Math.floor(ms)) * 1_000_000n + BigInt(Math.round((ms % 1) * 1e6))).toString();

const resourceOf = ({ service, pod, node, version }: Pick<ShopSpan, 'service' | 'pod' | 'node' | 'version'>) => ({
  attributes: attributes({
    'service.name': service,
    'service.version': version,
    'k8s.pod.name': pod,
    'k8s.node.name': node,
    'deployment.environment.name': 'production',
  }),
});

/** One ExportTraceServiceRequest. */
export function traceRequest(spans: readonly ShopSpan[]): object {
  return {
    resourceSpans: [...Map.groupBy(spans, ({ pod }) => pod).values()].map((group) => ({
      resource: resourceOf(group[0] as ShopSpan),
      scopeSpans: [{ scope: { name: 'shop' }, spans: group.map(otlpSpan) }],
    })),
  };
}

function otlpSpan(span: ShopSpan): object {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    name: span.name,
    kind: span.kind === 'server' ? 2 : 3,
    startTimeUnixNano: nanos(span.startMs),
    endTimeUnixNano: nanos(span.endMs),
    status: span.error ? { code: 2 } : {},
    attributes: attributes(span.attributes),
  };
}

/** One ExportLogsServiceRequest. */
export function logRequest(logs: readonly ShopLog[]): object {
  return {
    resourceLogs: [...Map.groupBy(logs, ({ span }) => span.pod).values()].map((group) => ({
      resource: resourceOf((group[0] as ShopLog).span),
      scopeLogs: [{ scope: { name: 'shop' }, logRecords: group.map(otlpLog) }],
    })),
  };
}

function otlpLog(log: ShopLog): object {
  return {
    timeUnixNano: nanos(log.atMs),
    severityText: log.severity,
    severityNumber: log.severity === 'ERROR' ? 17 : 9,
    body: { stringValue: log.body },
    traceId: log.span.traceId,
    spanId: log.span.spanId,
  };
}

/** One ExportMetricsServiceRequest: CPU and memory of every pod at `atMs`. */
export function metricRequest(shop: Shop, random: Random, atMs: number): object {
  const gauge = (name: string, unit: string, value: number) => ({
    name,
    unit,
    gauge: { dataPoints: [{ timeUnixNano: nanos(atMs), asDouble: value }] },
  });
  return {
    resourceMetrics: shop.services.flatMap((service) =>
      service.pods.map((pod) => ({
        resource: resourceOf({ service: service.name, pod: pod.name, node: pod.node, version: service.version }),
        scopeMetrics: [
          {
            metrics: [
              gauge('k8s.pod.cpu.usage', '{cpu}', random.logNormal(0.2, 0.15)),
              gauge('k8s.pod.memory.working_set', 'By', random.logNormal(200e6, 0.05)),
            ],
          },
        ],
      })),
    ),
  };
}

/** A CDEvents `service.deployed` in a structured CloudEvent. */
export function deployedEvent(change: ShopChange): object {
  const timestamp = new Date(change.atMs).toISOString();
  const id = `${change.service}-${change.version}-${change.atMs}`;
  const type = 'dev.cdevents.service.deployed.0.3.0';
  return {
    specversion: '1.0',
    id,
    source: '/ci/shop',
    type,
    time: timestamp,
    datacontenttype: 'application/json',
    data: {
      context: { specversion: '0.6.0', id, source: '/ci/shop', type, timestamp },
      subject: {
        id: change.service,
        source: '/ci/shop',
        type: 'service',
        content: { environment: { id: 'production' }, artifactId: `pkg:oci/${change.service}@${change.version}` },
      },
      customData: {
        summary: change.summary,
        actor: change.actor,
        version: change.version,
        previousVersion: change.previousVersion,
      },
    },
  };
}

/** Alertmanager's webhook, version 4. */
export function alertmanagerWebhook(alerts: readonly ShopAlert[], startsAtMs: number): object {
  return {
    version: '4',
    groupKey: '{}:{}',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'faultline',
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example',
    alerts: alerts.map((alert) => ({
      status: 'firing',
      labels: { alertname: alert.name, severity: alert.severity, environment: 'production', ...alert.labels },
      annotations: { summary: alert.summary, runbook_url: `https://runbooks.example/${alert.labels['service']}` },
      startsAt: new Date(startsAtMs).toISOString(),
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: '',
      fingerprint: '',
    })),
  };
}
