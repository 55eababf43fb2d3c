/** Small blocks and records for tests. A span is written in one line, with times in milliseconds after `baseMs`. */
import {
  codecs,
  type Log,
  type LogBlock,
  type MetricBlock,
  type MetricPoint,
  type Resource,
  type Span,
  type SpanBlock,
} from '@faultline/model';
import type { TelemetryRecord } from '../checkpoint/record-head.ts';

/** A multiple of ten seconds. */
export const baseMs = 1_700_000_000_000;

export interface SpanSpec {
  readonly service: string;
  readonly id: number;
  readonly parent?: number;
  readonly trace?: number;
  readonly name?: string;
  readonly kind?: Span['kind'];
  readonly from: number;
  readonly to: number;
  readonly status?: Span['status'];
  readonly instance?: string;
  readonly attributes?: Record<string, string>;
  readonly links?: string;
}

export interface LogSpec {
  readonly service: string;
  readonly body: string;
  readonly at?: number;
  readonly trace?: number;
  readonly span?: number;
  readonly severity?: number;
}

export const traceIdOf = (trace: number) => trace.toString(16).padStart(32, '0');
export const spanIdOf = (id: number) => id.toString(16).padStart(16, '0');

/** A block with one resource per item. */
export function spanBlock(specs: readonly SpanSpec[], requestHash = ''): SpanBlock {
  return {
    source: 'test',
    requestHash,
    receivedAtMs: baseMs,
    resources: specs.map(({ service, instance = `${service}-0` }) => resourceOf(service, instance)),
    items: specs.map(spanOf),
  };
}

export function logBlock(specs: readonly LogSpec[]): LogBlock {
  return {
    source: 'test',
    requestHash: '',
    receivedAtMs: baseMs,
    resources: specs.map(({ service }) => resourceOf(service, `${service}-0`)),
    items: specs.map(logOf),
  };
}

export function metricBlock(service: string, points: readonly Partial<MetricPoint>[]): MetricBlock {
  return {
    source: 'test',
    requestHash: '',
    receivedAtMs: baseMs,
    resources: [resourceOf(service, `${service}-0`)],
    items: points.map((point) => ({ ...emptyPoint, ...point })),
  };
}

const emptyPoint: MetricPoint = {
  resource: 0,
  metric: 'm',
  unit: '',
  kind: 'gauge',
  timeNs: BigInt(baseMs) * 1_000_000n,
  startNs: 0n,
  attributes: {},
  value: 0,
  count: 0n,
  sum: 0,
  monotonic: false,
  temporality: 'unspecified',
  bounds: [],
  bucketCounts: [],
  detail: '',
};

function resourceOf(service: string, instance: string): Resource {
  return {
    scope: { tenant: 't', environment: 'e' },
    attributes: { 'service.name': service },
    entities: { service, pod: instance },
    scopeName: '',
    scopeVersion: '',
  };
}

function spanOf(spec: SpanSpec, resource: number): Span {
  return {
    resource,
    traceId: traceIdOf(spec.trace ?? 1),
    spanId: spanIdOf(spec.id),
    parentSpanId: spec.parent === undefined ? '' : spanIdOf(spec.parent),
    name: spec.name ?? 'op',
    kind: spec.kind ?? 'internal',
    status: spec.status ?? 'unset',
    statusMessage: '',
    startNs: BigInt(baseMs + spec.from) * 1_000_000n,
    durationNs: BigInt(spec.to - spec.from) * 1_000_000n,
    traceState: '',
    attributes: spec.attributes ?? {},
    events: '',
    links: spec.links ?? '',
  };
}

function logOf(spec: LogSpec, resource: number): Log {
  return {
    resource,
    timeNs: BigInt(baseMs + (spec.at ?? 0)) * 1_000_000n,
    timeKnown: spec.at !== undefined,
    traceId: spec.trace === undefined ? '' : traceIdOf(spec.trace),
    spanId: spec.span === undefined ? '' : spanIdOf(spec.span),
    severityText: '',
    severityNumber: spec.severity ?? 9,
    body: spec.body,
    attributes: {},
  };
}

type Placed = Pick<TelemetryRecord, 'offset' | 'timestampMs'> & { readonly request?: string };

/** A record of the `spans` topic. */
export function spanRecord(specs: readonly SpanSpec[], { request = '', ...place }: Placed): TelemetryRecord {
  const headers = { source: 'test', items: String(specs.length), request };
  return { topic: 'spans', value: codecs.spanBlock.encode(spanBlock(specs, request)), headers, ...place };
}

/** A record of the `logs` topic. */
export function logRecord(specs: readonly LogSpec[], { request = '', ...place }: Placed): TelemetryRecord {
  const headers = { source: 'test', items: String(specs.length), request };
  return { topic: 'logs', value: codecs.logBlock.encode(logBlock(specs)), headers, ...place };
}
