/**
 * The rows of every writable table. The raw tables have the column names of the OpenTelemetry Collector's ClickHouse
 * exporter, so that other tools can read them; our own columns come after those. Times of raw rows are nanoseconds
 * (bigint), all other times milliseconds.
 */
import type { Attributes, EdgeSource, Histogram, SpanKind } from '@faultline/model';
import type {
  AlertHistoryRow,
  ChangeHistoryRow,
  DeclaredEdgeRow,
  DriftHistoryRow,
  IncidentAlertHistoryRow,
  IncidentHistoryRow,
  WorkloadFindingRow,
} from './history-rows.ts';
import type { ScopeColumns } from './scope-columns.ts';

/** Length of a window. */
export const windowMs = 10_000;

/** Length of a period, to which views sum windows (sql/0016 and 0018). */
export const periodMs = 300_000;

/** Length of the steps in which the use of containers is kept. */
export const usageHourMs = 3_600_000;

/** Start of the window that holds a time (ms). Late data belongs to its own window, not to the current one. */
export function windowStartMs(atMs: number): number {
  return Math.floor(atMs / windowMs) * windowMs;
}

/** The sender, besides `ServiceName`. Empty when unknown. */
export interface SenderColumns extends ScopeColumns {
  readonly ServiceName: string;
  /** The pod, container or process: `instance` in evidence. */
  readonly Instance: string;
  readonly Node: string;
  readonly Zone: string;
}

/** One span. Its calls, errors and duration are summed into `operation_windows` by `windows/`. */
export interface TraceRow extends SenderColumns {
  readonly Timestamp: bigint;
  readonly TraceId: string;
  readonly SpanId: string;
  readonly ParentSpanId: string;
  readonly TraceState: string;
  readonly SpanName: string;
  readonly SpanKind: 'Unspecified' | 'Internal' | 'Server' | 'Client' | 'Producer' | 'Consumer';
  readonly ResourceAttributes: Attributes;
  readonly ScopeName: string;
  readonly ScopeVersion: string;
  readonly SpanAttributes: Attributes;
  /** Nanoseconds. */
  readonly Duration: bigint;
  readonly StatusCode: 'Unset' | 'Ok' | 'Error';
  readonly StatusMessage: string;
  readonly 'Events.Timestamp': readonly bigint[];
  readonly 'Events.Name': readonly string[];
  readonly 'Events.Attributes': readonly Attributes[];
  readonly 'Links.TraceId': readonly string[];
  readonly 'Links.SpanId': readonly string[];
  readonly 'Links.TraceState': readonly string[];
  readonly 'Links.Attributes': readonly Attributes[];
  /** What windows group by: the span's name without ids. */
  readonly Operation: string;
  /** The service's version, or empty. */
  readonly Version: string;
}

/** One log line. */
export interface LogRow extends SenderColumns {
  readonly Timestamp: bigint;
  readonly TraceId: string;
  readonly SpanId: string;
  readonly TraceFlags: number;
  readonly SeverityText: string;
  readonly SeverityNumber: number;
  readonly Body: string;
  readonly ResourceAttributes: Attributes;
  readonly ScopeName: string;
  readonly ScopeVersion: string;
  readonly LogAttributes: Attributes;
  /** Id of its template. */
  readonly Template: string;
}

interface MetricColumns extends SenderColumns {
  readonly ResourceAttributes: Attributes;
  readonly ScopeName: string;
  readonly ScopeVersion: string;
  readonly MetricName: string;
  readonly MetricUnit: string;
  readonly Attributes: Attributes;
  readonly StartTimeUnix: bigint;
  readonly TimeUnix: bigint;
}

/** OTLP's numbers: 0 unspecified, 1 delta, 2 cumulative. */
export type AggregationTemporality = 0 | 1 | 2;

/** Values must be finite. The recorder leaves out points that are not. */
export interface GaugeRow extends MetricColumns {
  readonly Value: number;
}

export interface SumRow extends MetricColumns {
  readonly Value: number;
  readonly AggregationTemporality: AggregationTemporality;
  readonly IsMonotonic: boolean;
}

export interface HistogramRow extends MetricColumns {
  readonly Count: bigint;
  readonly Sum: number;
  readonly BucketCounts: readonly bigint[];
  readonly ExplicitBounds: readonly number[];
  readonly Min: number;
  readonly Max: number;
  readonly AggregationTemporality: AggregationTemporality;
}

export interface ExponentialHistogramRow extends MetricColumns {
  readonly Count: bigint;
  readonly Sum: number;
  readonly Scale: number;
  readonly ZeroCount: bigint;
  readonly PositiveOffset: number;
  readonly PositiveBucketCounts: readonly bigint[];
  readonly NegativeOffset: number;
  readonly NegativeBucketCounts: readonly bigint[];
  readonly Min: number;
  readonly Max: number;
  readonly AggregationTemporality: AggregationTemporality;
}

export interface SummaryRow extends MetricColumns {
  readonly Count: bigint;
  readonly Sum: number;
  readonly 'ValueAtQuantiles.Quantile': readonly number[];
  readonly 'ValueAtQuantiles.Value': readonly number[];
}

/**
 * An operation on an instance in one window. Calls, errors and duration are summed when spans arrive; settled calls, own errors and self time
 * when their traces settle. A row of one kind has zeros for the other.
 */
export interface OperationWindowRow extends ScopeColumns {
  readonly WindowStart: number;
  readonly Service: string;
  readonly Instance: string;
  readonly Operation: string;
  readonly Kind: SpanKind;
  readonly Version: string;
  readonly Node: string;
  readonly Zone: string;
  readonly Calls: number;
  readonly Errors: number;
  readonly Duration: Histogram;
  readonly SettledCalls: number;
  readonly OwnErrors: number;
  readonly Self: Histogram;
  /** Start of the last span; 0 in a row of settled spans. */
  readonly LastSeen: number;
}

/** The calls of a row of settled spans: they were counted when the spans arrived. */
export const noCalls = { Node: '', Zone: '', Calls: 0, Errors: 0, Duration: [], LastSeen: 0 } as const;

/** What the values of a series mean; see `MetricWindowRow`. */
export type SeriesShape = 'gauge' | 'counter' | 'delta' | 'distribution' | 'distribution-delta';

/** Time (ms), value and weight of a point. Weight is the count of a distribution, otherwise 1. */
export type WindowPoint = readonly [number, number, number];

/** The points of one series in one window. The engine numbers the series by a hash of what identifies it. */
export interface MetricWindowRow extends ScopeColumns {
  readonly WindowStart: number;
  readonly Service: string;
  readonly Metric: string;
  /** Text of the resource; part of the hash, not stored. */
  readonly Resource: string;
  readonly Instance: string;
  readonly Node: string;
  readonly Zone: string;
  readonly Unit: string;
  readonly AttributeText: string;
  readonly Shape: SeriesShape;
  readonly Points: number;
  /** Of values, and of weights. */
  readonly Sum: number;
  readonly Weight: number;
  /** Of values; of the means of a distribution. */
  readonly Min: number;
  readonly Max: number;
  readonly First: WindowPoint;
  readonly Last: WindowPoint;
}

/** The last signs of life of an instance on one day, ms; 0: none. */
export interface PresenceRow extends ScopeColumns {
  /** Start of the day in UTC, ms. */
  readonly Day: number;
  readonly Service: string;
  readonly Instance: string;
  readonly Node: string;
  readonly Zone: string;
  readonly Cluster: string;
  readonly Namespace: string;
  /** The environment as the sender wrote it. */
  readonly EnvironmentNames: readonly string[];
  readonly LastSpan: number;
  readonly LastMetric: number;
  readonly LastLog: number;
}

/** Calls from one service to another, summed over one checkpoint. `Gap` is the client's duration minus the server's. */
export interface EdgeWindowRow extends ScopeColumns {
  readonly WindowStart: number;
  readonly Caller: string;
  readonly Callee: string;
  readonly CallerInstance: string;
  readonly CalleeInstance: string;
  readonly Operation: string;
  readonly Source: EdgeSource;
  readonly Calls: number;
  readonly Errors: number;
  readonly Duration: Histogram;
  readonly Gap: Histogram;
  readonly LastSeen: number;
}

/**
 * Log lines of one template, summed over one checkpoint. For lines without a span, `Operation` is empty and `Spans`
 * equals `Lines`.
 */
export interface TemplateWindowRow extends ScopeColumns {
  readonly WindowStart: number;
  readonly Service: string;
  readonly Instance: string;
  readonly Operation: string;
  readonly Template: string;
  readonly Text: string;
  readonly SeverityNumber: number;
  readonly Lines: number;
  readonly Spans: number;
}

/** Calls that spans of an operation made of one child operation, summed over one checkpoint. */
export interface ChildWindowRow extends ScopeColumns {
  readonly WindowStart: number;
  readonly Service: string;
  readonly Operation: string;
  readonly ChildService: string;
  readonly ChildOperation: string;
  readonly Spans: number;
  readonly Calls: number;
  readonly Errors: number;
}

/**
 * What a container of one pod used in an hour, summed over one checkpoint. Uses are counted by the buckets of `usageBucketOf`. A request or
 * limit is 0 where none is known.
 */
export interface ContainerUsageRow extends ScopeColumns {
  readonly Hour: number;
  readonly Cluster: string;
  readonly Namespace: string;
  readonly Workload: string;
  readonly Container: string;
  readonly Pod: string;
  readonly Cpu: Histogram;
  /** Cores. */
  readonly CpuMax: number;
  readonly Memory: Histogram;
  /** Bytes. */
  readonly MemoryMax: number;
  readonly ThrottledPeriods: number;
  readonly Periods: number;
  readonly Restarts: number;
  /** As cAdvisor counts them. It forgets those of a container that ends. */
  readonly OomEvents: number;
  /** 1: the last end of the container was for want of memory. */
  readonly OomKilled: number;
  readonly CpuRequest: number;
  readonly CpuLimit: number;
  readonly MemoryRequest: number;
  readonly MemoryLimit: number;
}

/** Every writable table with its row. */
export interface RowOf {
  readonly otel_traces: TraceRow;
  readonly otel_logs: LogRow;
  readonly otel_metrics_gauge: GaugeRow;
  readonly otel_metrics_sum: SumRow;
  readonly otel_metrics_histogram: HistogramRow;
  readonly otel_metrics_exponential_histogram: ExponentialHistogramRow;
  readonly otel_metrics_summary: SummaryRow;
  readonly operation_windows: OperationWindowRow;
  readonly edge_windows: EdgeWindowRow;
  readonly template_windows: TemplateWindowRow;
  readonly child_windows: ChildWindowRow;
  readonly metric_windows: MetricWindowRow;
  readonly presence: PresenceRow;
  readonly container_usage: ContainerUsageRow;
  readonly alerts: AlertHistoryRow;
  readonly changes: ChangeHistoryRow;
  readonly declared_edges: DeclaredEdgeRow;
  readonly workload_findings: WorkloadFindingRow;
  readonly drift: DriftHistoryRow;
  readonly incidents: IncidentHistoryRow;
  readonly incident_alerts: IncidentAlertHistoryRow;
}
export type TableName = keyof RowOf;
export type Row = RowOf[TableName];

/**
 * Rows of one table under one token. The same token on the same table is written once, whatever crashes in between. The
 * same rows under another token, or split differently, count again. Any number of rows is allowed; they are inserted in
 * pieces with tokens derived from this one.
 */
export type Batch = {
  readonly [Table in TableName]: {
    readonly table: Table;
    readonly rows: readonly RowOf[Table][];
    /** topic/partition/first-last offset. The table need not be part of it. */
    readonly token: string;
  };
}[TableName];
