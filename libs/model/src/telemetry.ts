/**
 * Telemetry blocks: one record on the `spans`, `logs` or `metrics` topic holds many items of one partition.
 * Items point into `resources` by index, so that attributes shared by thousands of spans travel once.
 */
import type { Entities } from './entity.ts';
import type { Scope } from './scope.ts';

export type Attributes = Readonly<Record<string, string>>;

export interface Resource {
  readonly scope: Scope;
  readonly attributes: Attributes;
  readonly entities: Entities;
  readonly scopeName: string;
  readonly scopeVersion: string;
}

export const spanKinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
export type SpanKind = (typeof spanKinds)[number];
export type SpanStatus = 'unset' | 'ok' | 'error';

export interface Span {
  readonly resource: number;
  /** Lower-case hex, 32 digits. */
  readonly traceId: string;
  /** Lower-case hex, 16 digits; the parent is empty for a root. */
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: SpanKind;
  readonly status: SpanStatus;
  readonly statusMessage: string;
  /** Nanoseconds since the epoch. Kept as bigint: a double loses the last 8 bits. */
  readonly startNs: bigint;
  readonly durationNs: bigint;
  readonly traceState: string;
  readonly attributes: Attributes;
  /** JSON arrays in the shape of OTLP/JSON, or empty. */
  readonly events: string;
  readonly links: string;
}

export interface Log {
  readonly resource: number;
  readonly timeNs: bigint;
  /** False when the sender gave no usable time: then the time of its span, or of receipt, stands in. */
  readonly timeKnown: boolean;
  readonly traceId: string;
  readonly spanId: string;
  readonly severityText: string;
  readonly severityNumber: number;
  readonly body: string;
  readonly attributes: Attributes;
}

export type MetricKind = 'gauge' | 'sum' | 'histogram' | 'exponentialHistogram' | 'summary';

/** One data point. Histograms and summaries keep count, sum and their buckets; the rest of the point is in `detail`. */
export interface MetricPoint {
  readonly resource: number;
  readonly metric: string;
  readonly unit: string;
  readonly kind: MetricKind;
  readonly timeNs: bigint;
  readonly startNs: bigint;
  readonly attributes: Attributes;
  /** Gauge and sum: the value. Others: sum / count, or 0 when the count is 0. */
  readonly value: number;
  readonly count: bigint;
  readonly sum: number;
  readonly monotonic: boolean;
  readonly temporality: 'unspecified' | 'delta' | 'cumulative';
  /** Explicit histogram bounds and counts; empty for the other kinds. */
  readonly bounds: readonly number[];
  readonly bucketCounts: readonly bigint[];
  /** Exponential buckets, quantiles: JSON in the shape of OTLP/JSON, or empty. */
  readonly detail: string;
}

export interface Block<Item> {
  /** The source and the hash of the sender's request: a retry within ten minutes has the same hash. */
  readonly source: string;
  readonly requestHash: string;
  readonly receivedAtMs: number;
  readonly resources: readonly Resource[];
  readonly items: readonly Item[];
}
export type SpanBlock = Block<Span>;
export type LogBlock = Block<Log>;
export type MetricBlock = Block<MetricPoint>;
