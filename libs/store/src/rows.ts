/**
 * The rows of every table that is written from outside. Column names of the raw tables are those of the OpenTelemetry Collector's
 * ClickHouse exporter, so that other tools open them as they are; ours stand behind them. Times of raw rows are nanoseconds (bigint), all
 * other times milliseconds.
 */
import type { Attributes, EdgeSource, Histogram, SpanKind } from '@faultline/model';
import type {
  AlertHistoryRow,
  ChangeHistoryRow,
  DeclaredEdgeRow,
  IncidentAlertHistoryRow,
  IncidentHistoryRow,
} from './history-rows.ts';

/** Length of a window. */
export const windowMs = 10_000;

/** Length of a period: what views sum windows to (sql/0016 and 0018). */
export const periodMs = 300_000;

/** Start of the window that holds a time (ms). Late data lands in its own window, not in the one that is open now. */
export function windowStartMs(atMs: number): number {
  return Math.floor(atMs / windowMs) * windowMs;
}

/** In every row: the scope that it belongs to. */
export interface ScopeColumns {
  readonly Tenant: string;
  readonly Environment: string;
}

/** Who sent it, beside `ServiceName`. Empty when not known. */
export interface SenderColumns extends ScopeColumns {
  readonly ServiceName: string;
  /** The pod, container or process: what `instance` is in evidence. */
  readonly Instance: string;
  readonly Node: string;
  readonly Zone: string;
}

/** One span. Its calls, errors and duration are summed into `operation_windows` by a view. */
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
  /** What the windows group by: the span's name, ids taken out of it. */
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

/** Values must be finite: a point that is not is counted and left out by the recorder. */
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

/** Self time of an operation on an instance, of settled traces, pre-aggregated over one cut. Goes into the view's own windows. */
export interface SelfTimeRow extends ScopeColumns {
  readonly WindowStart: number;
  readonly Service: string;
  readonly Instance: string;
  readonly Operation: string;
  readonly Kind: SpanKind;
  readonly Version: string;
  readonly SettledCalls: number;
  readonly OwnErrors: number;
  readonly Self: Histogram;
}

/** Calls from one service to another, pre-aggregated over one cut. `Gap` is client less server duration. */
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

/** Log lines of one template, pre-aggregated over one cut. Lines without a span: `Operation` is empty and `Spans` equals `Lines`. */
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

/** Calls that spans of an operation made of one child operation, pre-aggregated over one cut. */
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

/** Every table that is written from outside, with its row. */
export interface RowOf {
  readonly otel_traces: TraceRow;
  readonly otel_logs: LogRow;
  readonly otel_metrics_gauge: GaugeRow;
  readonly otel_metrics_sum: SumRow;
  readonly otel_metrics_histogram: HistogramRow;
  readonly otel_metrics_exponential_histogram: ExponentialHistogramRow;
  readonly otel_metrics_summary: SummaryRow;
  readonly operation_windows: SelfTimeRow;
  readonly edge_windows: EdgeWindowRow;
  readonly template_windows: TemplateWindowRow;
  readonly child_windows: ChildWindowRow;
  readonly alerts: AlertHistoryRow;
  readonly changes: ChangeHistoryRow;
  readonly declared_edges: DeclaredEdgeRow;
  readonly incidents: IncidentHistoryRow;
  readonly incident_alerts: IncidentAlertHistoryRow;
}
export type TableName = keyof RowOf;
export type Row = RowOf[TableName];

/**
 * Rows of one table under one token. The same token on the same table is written once, whatever crashes in between; the same rows under
 * another token, or cut otherwise, count again. Any number of rows: they go in as pieces, each with a token derived from this one.
 */
export type Batch = {
  readonly [Table in TableName]: {
    readonly table: Table;
    readonly rows: readonly RowOf[Table][];
    /** topic/partition/first-last offset; the table is part of its meaning already. */
    readonly token: string;
  };
}[TableName];
