/** Faultline's own traces, metrics and logs. Costs nothing when off: the SDK is loaded only when it is used. */
import { context, diag, logs, metrics, propagation, SeverityNumber, trace } from '@opentelemetry/api';
import { z } from 'zod';
import type { LogEntry, LogLevel } from './log.ts';
import { sleep } from './time.ts';
import { createTracer, noTracer, type Tracer, withoutDiscarded } from './trace/index.ts';

/** The section `telemetry` of the configuration. */
export const telemetryConfig = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe('Whether Faultline measures itself. When false, there is no /metrics and no export.'),
  otlpEndpoint: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null)
    .describe(
      'OTLP/HTTP endpoint for Faultline’s own traces, metrics and logs, such as `http://collector:4318`. It may be a Faultline: work on such telemetry is not traced. Null: nothing is sent.',
    ),
  exportIntervalMs: z
    .int()
    .min(1000)
    .default(15_000)
    .describe('How often metrics are sent to the endpoint, ms. Traces are sent at least every 5 s.'),
});
export type TelemetryConfig = z.infer<typeof telemetryConfig>;

/** The `service.name` of Faultline's own telemetry. */
export const ownServiceName = 'faultline';

export interface Telemetry {
  /**
   * All metrics in Prometheus' text format; null when telemetry is off, or another instance in this process holds it.
   */
  readonly metricsText: (() => Promise<string>) | null;
  /** For `createLogger`: passes entries to OpenTelemetry. Null when no endpoint is configured. */
  readonly logSink: ((entry: LogEntry) => void) | null;
  /** Records nothing when no endpoint is configured. */
  readonly tracer: Tracer;
  /**
   * Flushes for up to 2 s and stops. Never rejects: a collector that is down must not fail a stop. Safe to call twice.
   */
  stop(): Promise<void>;
}

const off: Telemetry = { metricsText: null, logSink: null, tracer: noTracer, stop: async () => {} };

/** OpenTelemetry's providers are global, so one instance holds them at a time. */
let isHeld = false;

/**
 * Start it before anything asks the global meter for instruments; instruments created earlier record nothing. Only the
 * first instance in a process measures. The others are off until it has stopped, because its counts would include
 * theirs.
 */
export async function startTelemetry(config: TelemetryConfig, serviceVersion: string): Promise<Telemetry> {
  if (!config.enabled || isHeld) return off;
  isHeld = true;
  const [{ startNodeSdk }, { PrometheusExporter, PrometheusSerializer }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/exporter-prometheus'),
  ]);
  const reader = new PrometheusExporter({ preventServerStart: true });
  const serializer = new PrometheusSerializer();
  const exporters = config.otlpEndpoint === null ? noExporters : await otlpExporters(config.otlpEndpoint, config);
  const sdk = startNodeSdk({
    logLevel: 'error',
    resourceDetectors: [],
    resourceAttributes: { 'service.name': ownServiceName, 'service.version': serviceVersion },
    metricReaders: [reader, ...exporters.metricReaders],
    spanProcessors: exporters.spanProcessors,
    logRecordProcessors: exporters.logRecordProcessors,
  });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= within(stopFlushMs, sdk.shutdown()).finally(release);
    return stopped;
  };
  return {
    metricsText: async () => serializer.serialize((await reader.collect()).resourceMetrics),
    logSink: config.otlpEndpoint === null ? null : emitLog,
    tracer: config.otlpEndpoint === null ? noTracer : createTracer(trace.getTracer('faultline', serviceVersion)),
    stop,
  };
}

/** Resolves when the work ends, or when the time is over. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  const ended = new AbortController();
  const settled = work.catch(() => {}).finally(() => ended.abort());
  await Promise.race([settled, sleep(ms, ended.signal)]);
}

/**
 * Unregisters the globals. The SDK leaves them registered when it shuts down, and the next instance would be refused.
 */
function release(): void {
  for (const api of [context, propagation, trace, metrics, logs, diag]) api.disable();
  isHeld = false;
}

/** The SDK retries an endpoint that does not respond for ten seconds, which is too long for a stop. */
const stopFlushMs = 2000;
/** OpenTelemetry's own default. */
const spanDelayMs = 5000;

const noExporters = { metricReaders: [], spanProcessors: [], logRecordProcessors: [] };

async function otlpExporters(endpoint: string, { exportIntervalMs }: TelemetryConfig) {
  const [trace, metric, log, sdkTrace, sdkMetrics, sdkLogs] = await Promise.all([
    import('@opentelemetry/exporter-trace-otlp-proto'),
    import('@opentelemetry/exporter-metrics-otlp-proto'),
    import('@opentelemetry/exporter-logs-otlp-proto'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/sdk-metrics'),
    import('@opentelemetry/sdk-logs'),
  ]);
  const url = (signal: string) => ({ url: `${endpoint.replace(/\/$/, '')}/v1/${signal}` });
  const exporter = new metric.OTLPMetricExporter(url('metrics'));
  const spanProcessor = new sdkTrace.BatchSpanProcessor({
    exporter: new trace.OTLPTraceExporter(url('traces')),
    scheduledDelayMillis: Math.min(exportIntervalMs, spanDelayMs),
  });
  return {
    metricReaders: [new sdkMetrics.PeriodicExportingMetricReader({ exporter, exportIntervalMillis: exportIntervalMs })],
    spanProcessors: [withoutDiscarded(spanProcessor)],
    logRecordProcessors: [new sdkLogs.BatchLogRecordProcessor({ exporter: new log.OTLPLogExporter(url('logs')) })],
  };
}

const severityNumbers: Record<LogLevel, SeverityNumber> = {
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
};

function emitLog({ level, message, atMs, fields }: LogEntry): void {
  logs.getLogger('faultline').emit({
    timestamp: atMs,
    severityText: level,
    severityNumber: severityNumbers[level],
    body: message,
    attributes: { ...fields },
  });
}
