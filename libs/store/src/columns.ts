/** The columns of each writable table and how each is encoded. The insert and its test both use this list. */
import type { ColumnType } from './native/codecs.ts';
import type { RowOf, TableName } from './rows.ts';

/** Tables that get history. All others get telemetry and windows, as blocks of columns. */
export type JsonTable = 'alerts' | 'changes' | 'declared_edges' | 'incidents' | 'incident_alerts';
export type NativeTable = Exclude<TableName, JsonTable>;

/** In JSON. `ms`: a time, from milliseconds. `plain`: any value that JSON can hold. */
export type Encoding = 'plain' | 'ms';

type ColumnsOf<Row> = { readonly [Column in keyof Row]-?: Encoding };
type NativeColumnsOf<Row> = { readonly [Column in keyof Row]-?: ColumnType };

const scope = { Tenant: 'LowCardinality(String)', Environment: 'LowCardinality(String)' } as const;
const sender = {
  ...scope,
  ServiceName: 'LowCardinality(String)',
  Instance: 'LowCardinality(String)',
  Node: 'LowCardinality(String)',
  Zone: 'LowCardinality(String)',
} as const;
const metric = {
  ...sender,
  ResourceAttributes: 'Map(LowCardinality(String), String)',
  ScopeName: 'String',
  ScopeVersion: 'String',
  MetricName: 'LowCardinality(String)',
  MetricUnit: 'LowCardinality(String)',
  Attributes: 'Map(LowCardinality(String), String)',
  StartTimeUnix: 'DateTime64(9)',
  TimeUnix: 'DateTime64(9)',
} as const;

/** Telemetry and windows: columns with their types, in the order in which an insert names them. */
export const nativeColumnsOf = {
  otel_traces: {
    ...sender,
    Timestamp: 'DateTime64(9)',
    TraceId: 'String',
    SpanId: 'String',
    ParentSpanId: 'String',
    TraceState: 'String',
    SpanName: 'LowCardinality(String)',
    SpanKind: 'LowCardinality(String)',
    ResourceAttributes: 'Map(LowCardinality(String), String)',
    ScopeName: 'String',
    ScopeVersion: 'String',
    SpanAttributes: 'Map(LowCardinality(String), String)',
    Duration: 'UInt64',
    StatusCode: 'LowCardinality(String)',
    StatusMessage: 'String',
    'Events.Timestamp': 'Array(DateTime64(9))',
    'Events.Name': 'Array(LowCardinality(String))',
    'Events.Attributes': 'Array(Map(LowCardinality(String), String))',
    'Links.TraceId': 'Array(String)',
    'Links.SpanId': 'Array(String)',
    'Links.TraceState': 'Array(String)',
    'Links.Attributes': 'Array(Map(LowCardinality(String), String))',
    Operation: 'LowCardinality(String)',
    Version: 'LowCardinality(String)',
  },
  otel_logs: {
    ...sender,
    Timestamp: 'DateTime64(9)',
    TraceId: 'String',
    SpanId: 'String',
    TraceFlags: 'UInt8',
    SeverityText: 'LowCardinality(String)',
    SeverityNumber: 'UInt8',
    Body: 'String',
    ResourceAttributes: 'Map(LowCardinality(String), String)',
    ScopeName: 'String',
    ScopeVersion: 'LowCardinality(String)',
    LogAttributes: 'Map(LowCardinality(String), String)',
    Template: 'LowCardinality(String)',
  },
  otel_metrics_gauge: { ...metric, Value: 'Float64' },
  otel_metrics_sum: { ...metric, Value: 'Float64', AggregationTemporality: 'Int32', IsMonotonic: 'Bool' },
  otel_metrics_histogram: {
    ...metric,
    Count: 'UInt64',
    Sum: 'Float64',
    BucketCounts: 'Array(UInt64)',
    ExplicitBounds: 'Array(Float64)',
    Min: 'Float64',
    Max: 'Float64',
    AggregationTemporality: 'Int32',
  },
  otel_metrics_exponential_histogram: {
    ...metric,
    Count: 'UInt64',
    Sum: 'Float64',
    Scale: 'Int32',
    ZeroCount: 'UInt64',
    PositiveOffset: 'Int32',
    PositiveBucketCounts: 'Array(UInt64)',
    NegativeOffset: 'Int32',
    NegativeBucketCounts: 'Array(UInt64)',
    Min: 'Float64',
    Max: 'Float64',
    AggregationTemporality: 'Int32',
  },
  otel_metrics_summary: {
    ...metric,
    Count: 'UInt64',
    Sum: 'Float64',
    'ValueAtQuantiles.Quantile': 'Array(Float64)',
    'ValueAtQuantiles.Value': 'Array(Float64)',
  },
  operation_windows: {
    ...scope,
    WindowStart: "DateTime('UTC')",
    Service: 'LowCardinality(String)',
    Instance: 'LowCardinality(String)',
    Operation: 'LowCardinality(String)',
    Kind: 'LowCardinality(String)',
    Version: 'LowCardinality(String)',
    SettledCalls: 'UInt64',
    OwnErrors: 'UInt64',
    Self: 'Map(Int16, UInt64)',
  },
  edge_windows: {
    ...scope,
    WindowStart: "DateTime('UTC')",
    Caller: 'LowCardinality(String)',
    Callee: 'LowCardinality(String)',
    CallerInstance: 'LowCardinality(String)',
    CalleeInstance: 'LowCardinality(String)',
    Operation: 'LowCardinality(String)',
    Source: 'LowCardinality(String)',
    Calls: 'UInt64',
    Errors: 'UInt64',
    Duration: 'Map(Int16, UInt64)',
    Gap: 'Map(Int16, UInt64)',
    LastSeen: "DateTime64(3, 'UTC')",
  },
  template_windows: {
    ...scope,
    WindowStart: "DateTime('UTC')",
    Service: 'LowCardinality(String)',
    Instance: 'LowCardinality(String)',
    Operation: 'LowCardinality(String)',
    Template: 'LowCardinality(String)',
    Text: 'String',
    SeverityNumber: 'UInt8',
    Lines: 'UInt64',
    Spans: 'UInt64',
  },
  child_windows: {
    ...scope,
    WindowStart: "DateTime('UTC')",
    Service: 'LowCardinality(String)',
    Operation: 'LowCardinality(String)',
    ChildService: 'LowCardinality(String)',
    ChildOperation: 'LowCardinality(String)',
    Spans: 'UInt64',
    Calls: 'UInt64',
    Errors: 'UInt64',
  },
} as const satisfies { readonly [Table in NativeTable]: NativeColumnsOf<RowOf[Table]> };

const historyScope = { Tenant: 'plain', Environment: 'plain' } as const;

/** History: few rows, so they go as JSON. */
export const jsonColumnsOf: { readonly [Table in JsonTable]: ColumnsOf<RowOf[Table]> } = {
  alerts: {
    ...historyScope,
    Id: 'plain',
    Source: 'plain',
    Fingerprint: 'plain',
    Name: 'plain',
    Status: 'plain',
    Severity: 'plain',
    Summary: 'plain',
    Labels: 'plain',
    Annotations: 'plain',
    Entities: 'plain',
    StartsAt: 'ms',
    EndsAt: 'ms',
    ReceivedAt: 'ms',
    Url: 'plain',
    Raw: 'plain',
  },
  changes: {
    ...historyScope,
    Id: 'plain',
    Source: 'plain',
    Kind: 'plain',
    Entities: 'plain',
    Summary: 'plain',
    Actor: 'plain',
    StartedAt: 'ms',
    EndedAt: 'ms',
    Version: 'plain',
    PreviousVersion: 'plain',
    Url: 'plain',
    ReceivedAt: 'ms',
    Raw: 'plain',
  },
  declared_edges: { ...historyScope, Source: 'plain', Caller: 'plain', Callee: 'plain', DeclaredAt: 'ms' },
  incidents: {
    ...historyScope,
    IncidentId: 'plain',
    Revision: 'plain',
    Status: 'plain',
    Title: 'plain',
    Severity: 'plain',
    StartedAt: 'ms',
    DetectedAt: 'ms',
    UpdatedAt: 'ms',
    ResolvedAt: 'ms',
    Verdict: 'plain',
    AlertCount: 'plain',
    CauseService: 'plain',
    CauseKind: 'plain',
    Services: 'plain',
    AlertNames: 'plain',
    Resolution: 'plain',
    Environments: 'plain',
    RejectedCauses: 'plain',
    Body: 'plain',
  },
  incident_alerts: {
    ...historyScope,
    IncidentId: 'plain',
    Revision: 'plain',
    Source: 'plain',
    Fingerprint: 'plain',
    StartsAt: 'ms',
    Name: 'plain',
    Status: 'plain',
    Severity: 'plain',
    EndsAt: 'ms',
    Labels: 'plain',
    Entities: 'plain',
    Entity: 'plain',
    Reason: 'plain',
    Url: 'plain',
    Membership: 'plain',
    Kind: 'plain',
    NamedEnvironment: 'plain',
  },
};

/** The columns of every writable table, in the order in which an insert names them. */
export const columnsOf: Readonly<Record<TableName, Readonly<Record<string, string>>>> = {
  ...nativeColumnsOf,
  ...jsonColumnsOf,
};

export function isNative(table: TableName): table is NativeTable {
  return table in nativeColumnsOf;
}
