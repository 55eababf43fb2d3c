CREATE TABLE IF NOT EXISTS migrations_local ON CLUSTER `windows` (Name String, Checksum String, AppliedAt DateTime64(3, 'UTC'))
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}') ORDER BY Name SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS migrations ON CLUSTER `windows` AS migrations_local
ENGINE = Distributed('windows', currentDatabase(), 'migrations_local', cityHash64(Name));

-- Spans as the OpenTelemetry Collector's ClickHouse exporter names them; the columns from Tenant on are ours.
-- The deduplication window is 0 by default, which would write a repeated insert twice; the fsyncs let the log forget what is in here.
CREATE TABLE IF NOT EXISTS otel_traces_local ON CLUSTER `windows`
(
    Timestamp DateTime64(9) CODEC(Delta(8), ZSTD(1)),
    TraceId String CODEC(ZSTD(1)),
    SpanId String CODEC(ZSTD(1)),
    ParentSpanId String CODEC(ZSTD(1)),
    TraceState String CODEC(ZSTD(1)),
    SpanName LowCardinality(String) CODEC(ZSTD(1)),
    SpanKind LowCardinality(String) CODEC(ZSTD(1)),
    ServiceName LowCardinality(String) CODEC(ZSTD(1)),
    ResourceAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    ScopeName String CODEC(ZSTD(1)),
    ScopeVersion String CODEC(ZSTD(1)),
    SpanAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    Duration UInt64 CODEC(ZSTD(1)),
    StatusCode LowCardinality(String) CODEC(ZSTD(1)),
    StatusMessage String CODEC(ZSTD(1)),
    Events Nested
    (
        Timestamp DateTime64(9),
        Name LowCardinality(String),
        Attributes Map(LowCardinality(String), String)
    ) CODEC(ZSTD(1)),
    Links Nested
    (
        TraceId String,
        SpanId String,
        TraceState String,
        Attributes Map(LowCardinality(String), String)
    ) CODEC(ZSTD(1)),
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    Instance LowCardinality(String),
    Node LowCardinality(String),
    Zone LowCardinality(String),
    Operation LowCardinality(String),
    Version LowCardinality(String),
    INDEX idx_trace_id TraceId TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
PARTITION BY toDate(Timestamp)
ORDER BY (Tenant, Environment, ServiceName, Operation, toDateTime(Timestamp))
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1
;

CREATE TABLE IF NOT EXISTS otel_traces ON CLUSTER `windows` AS otel_traces_local
ENGINE = Distributed('windows', currentDatabase(), 'otel_traces_local', cityHash64(Tenant, Environment, ServiceName));

-- Log lines as the OpenTelemetry Collector's ClickHouse exporter names them; the columns from Tenant on are ours.
CREATE TABLE IF NOT EXISTS otel_logs_local ON CLUSTER `windows`
(
    Timestamp DateTime64(9) CODEC(Delta(8), ZSTD(1)),
    TimestampTime DateTime DEFAULT toDateTime(Timestamp),
    TraceId String CODEC(ZSTD(1)),
    SpanId String CODEC(ZSTD(1)),
    TraceFlags UInt8,
    SeverityText LowCardinality(String) CODEC(ZSTD(1)),
    SeverityNumber UInt8,
    ServiceName LowCardinality(String) CODEC(ZSTD(1)),
    Body String CODEC(ZSTD(1)),
    ResourceSchemaUrl LowCardinality(String) CODEC(ZSTD(1)),
    ResourceAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    ScopeSchemaUrl LowCardinality(String) CODEC(ZSTD(1)),
    ScopeName String CODEC(ZSTD(1)),
    ScopeVersion LowCardinality(String) CODEC(ZSTD(1)),
    ScopeAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    LogAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    Instance LowCardinality(String),
    Node LowCardinality(String),
    Zone LowCardinality(String),
    Template LowCardinality(String),
    INDEX idx_trace_id TraceId TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
PARTITION BY toDate(TimestampTime)
ORDER BY (Tenant, Environment, ServiceName, TimestampTime, Timestamp)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1
;

CREATE TABLE IF NOT EXISTS otel_logs ON CLUSTER `windows` AS otel_logs_local
ENGINE = Distributed('windows', currentDatabase(), 'otel_logs_local', cityHash64(Tenant, Environment, ServiceName));

-- Points as the OpenTelemetry Collector's ClickHouse exporter names them; the columns from Tenant on are ours.
CREATE TABLE IF NOT EXISTS otel_metrics_gauge_local ON CLUSTER `windows`
(
    ResourceAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    ResourceSchemaUrl String CODEC(ZSTD(1)),
    ScopeName String CODEC(ZSTD(1)),
    ScopeVersion String CODEC(ZSTD(1)),
    ScopeAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    ScopeDroppedAttrCount UInt32 CODEC(ZSTD(1)),
    ScopeSchemaUrl String CODEC(ZSTD(1)),
    ServiceName LowCardinality(String) CODEC(ZSTD(1)),
    MetricName LowCardinality(String) CODEC(ZSTD(1)),
    MetricDescription String CODEC(ZSTD(1)),
    MetricUnit LowCardinality(String) CODEC(ZSTD(1)),
    Attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    StartTimeUnix DateTime64(9) CODEC(Delta(8), ZSTD(1)),
    TimeUnix DateTime64(9) CODEC(Delta(8), ZSTD(1)),
    Value Float64 CODEC(ZSTD(1)),
    Exemplars Nested
    (
        FilteredAttributes Map(LowCardinality(String), String),
        TimeUnix DateTime64(9),
        Value Float64,
        SpanId String,
        TraceId String
    ) CODEC(ZSTD(1)),
    Flags UInt32 CODEC(ZSTD(1)),
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    Instance LowCardinality(String),
    Node LowCardinality(String),
    Zone LowCardinality(String)
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
PARTITION BY toDate(TimeUnix)
ORDER BY (Tenant, Environment, ServiceName, MetricName, TimeUnix)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1
;

CREATE TABLE IF NOT EXISTS otel_metrics_gauge ON CLUSTER `windows` AS otel_metrics_gauge_local
ENGINE = Distributed('windows', currentDatabase(), 'otel_metrics_gauge_local', cityHash64(Tenant, Environment, ServiceName));

-- Points as the OpenTelemetry Collector's ClickHouse exporter names them; the columns from Tenant on are ours.
CREATE TABLE IF NOT EXISTS otel_metrics_sum_local ON CLUSTER `windows`
(
    ResourceAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    ResourceSchemaUrl String CODEC(ZSTD(1)),
    ScopeName String CODEC(ZSTD(1)),
    ScopeVersion String CODEC(ZSTD(1)),
    ScopeAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    ScopeDroppedAttrCount UInt32 CODEC(ZSTD(1)),
    ScopeSchemaUrl String CODEC(ZSTD(1)),
    ServiceName LowCardinality(String) CODEC(ZSTD(1)),
    MetricName LowCardinality(String) CODEC(ZSTD(1)),
    MetricDescription String CODEC(ZSTD(1)),
    MetricUnit LowCardinality(String) CODEC(ZSTD(1)),
    Attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    StartTimeUnix DateTime64(9) CODEC(Delta(8), ZSTD(1)),
    TimeUnix DateTime64(9) CODEC(Delta(8), ZSTD(1)),
    Value Float64 CODEC(ZSTD(1)),
    Exemplars Nested
    (
        FilteredAttributes Map(LowCardinality(String), String),
        TimeUnix DateTime64(9),
        Value Float64,
        SpanId String,
        TraceId String
    ) CODEC(ZSTD(1)),
    AggregationTemporality Int32 CODEC(ZSTD(1)),
    IsMonotonic Bool CODEC(ZSTD(1)),
    Flags UInt32 CODEC(ZSTD(1)),
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    Instance LowCardinality(String),
    Node LowCardinality(String),
    Zone LowCardinality(String)
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
PARTITION BY toDate(TimeUnix)
ORDER BY (Tenant, Environment, ServiceName, MetricName, TimeUnix)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1
;

CREATE TABLE IF NOT EXISTS otel_metrics_sum ON CLUSTER `windows` AS otel_metrics_sum_local
ENGINE = Distributed('windows', currentDatabase(), 'otel_metrics_sum_local', cityHash64(Tenant, Environment, ServiceName));

-- Points as the OpenTelemetry Collector's ClickHouse exporter names them; the columns from Tenant on are ours.
CREATE TABLE IF NOT EXISTS otel_metrics_histogram_local ON CLUSTER `windows`
(
    ResourceAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    ResourceSchemaUrl String CODEC(ZSTD(1)),
    ScopeName String CODEC(ZSTD(1)),
    ScopeVersion String CODEC(ZSTD(1)),
    ScopeAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    ScopeDroppedAttrCount UInt32 CODEC(ZSTD(1)),
    ScopeSchemaUrl String CODEC(ZSTD(1)),
    ServiceName LowCardinality(String) CODEC(ZSTD(1)),
    MetricName LowCardinality(String) CODEC(ZSTD(1)),
    MetricDescription String CODEC(ZSTD(1)),
    MetricUnit LowCardinality(String) CODEC(ZSTD(1)),
    Attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    StartTimeUnix DateTime64(9) CODEC(Delta(8), ZSTD(1)),
    TimeUnix DateTime64(9) CODEC(Delta(8), ZSTD(1)),
    Count UInt64 CODEC(ZSTD(1)),
    Sum Float64 CODEC(ZSTD(1)),
    BucketCounts Array(UInt64) CODEC(ZSTD(1)),
    ExplicitBounds Array(Float64) CODEC(ZSTD(1)),
    Exemplars Nested
    (
        FilteredAttributes Map(LowCardinality(String), String),
        TimeUnix DateTime64(9),
        Value Float64,
        SpanId String,
        TraceId String
    ) CODEC(ZSTD(1)),
    Min Float64 CODEC(ZSTD(1)),
    Max Float64 CODEC(ZSTD(1)),
    AggregationTemporality Int32 CODEC(ZSTD(1)),
    Flags UInt32 CODEC(ZSTD(1)),
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    Instance LowCardinality(String),
    Node LowCardinality(String),
    Zone LowCardinality(String)
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
PARTITION BY toDate(TimeUnix)
ORDER BY (Tenant, Environment, ServiceName, MetricName, TimeUnix)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1
;

CREATE TABLE IF NOT EXISTS otel_metrics_histogram ON CLUSTER `windows` AS otel_metrics_histogram_local
ENGINE = Distributed('windows', currentDatabase(), 'otel_metrics_histogram_local', cityHash64(Tenant, Environment, ServiceName));

-- Points as the OpenTelemetry Collector's ClickHouse exporter names them; the columns from Tenant on are ours.
CREATE TABLE IF NOT EXISTS otel_metrics_exponential_histogram_local ON CLUSTER `windows`
(
    ResourceAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    ResourceSchemaUrl String CODEC(ZSTD(1)),
    ScopeName String CODEC(ZSTD(1)),
    ScopeVersion String CODEC(ZSTD(1)),
    ScopeAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    ScopeDroppedAttrCount UInt32 CODEC(ZSTD(1)),
    ScopeSchemaUrl String CODEC(ZSTD(1)),
    ServiceName LowCardinality(String) CODEC(ZSTD(1)),
    MetricName LowCardinality(String) CODEC(ZSTD(1)),
    MetricDescription String CODEC(ZSTD(1)),
    MetricUnit LowCardinality(String) CODEC(ZSTD(1)),
    Attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    StartTimeUnix DateTime64(9) CODEC(Delta(8), ZSTD(1)),
    TimeUnix DateTime64(9) CODEC(Delta(8), ZSTD(1)),
    Count UInt64 CODEC(ZSTD(1)),
    Sum Float64 CODEC(ZSTD(1)),
    Scale Int32 CODEC(ZSTD(1)),
    ZeroCount UInt64 CODEC(ZSTD(1)),
    PositiveOffset Int32 CODEC(ZSTD(1)),
    PositiveBucketCounts Array(UInt64) CODEC(ZSTD(1)),
    NegativeOffset Int32 CODEC(ZSTD(1)),
    NegativeBucketCounts Array(UInt64) CODEC(ZSTD(1)),
    Exemplars Nested
    (
        FilteredAttributes Map(LowCardinality(String), String),
        TimeUnix DateTime64(9),
        Value Float64,
        SpanId String,
        TraceId String
    ) CODEC(ZSTD(1)),
    Min Float64 CODEC(ZSTD(1)),
    Max Float64 CODEC(ZSTD(1)),
    AggregationTemporality Int32 CODEC(ZSTD(1)),
    Flags UInt32 CODEC(ZSTD(1)),
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    Instance LowCardinality(String),
    Node LowCardinality(String),
    Zone LowCardinality(String)
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
PARTITION BY toDate(TimeUnix)
ORDER BY (Tenant, Environment, ServiceName, MetricName, TimeUnix)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1
;

CREATE TABLE IF NOT EXISTS otel_metrics_exponential_histogram ON CLUSTER `windows` AS otel_metrics_exponential_histogram_local
ENGINE = Distributed('windows', currentDatabase(), 'otel_metrics_exponential_histogram_local', cityHash64(Tenant, Environment, ServiceName));

-- Points as the OpenTelemetry Collector's ClickHouse exporter names them; the columns from Tenant on are ours.
CREATE TABLE IF NOT EXISTS otel_metrics_summary_local ON CLUSTER `windows`
(
    ResourceAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    ResourceSchemaUrl String CODEC(ZSTD(1)),
    ScopeName String CODEC(ZSTD(1)),
    ScopeVersion String CODEC(ZSTD(1)),
    ScopeAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    ScopeDroppedAttrCount UInt32 CODEC(ZSTD(1)),
    ScopeSchemaUrl String CODEC(ZSTD(1)),
    ServiceName LowCardinality(String) CODEC(ZSTD(1)),
    MetricName LowCardinality(String) CODEC(ZSTD(1)),
    MetricDescription String CODEC(ZSTD(1)),
    MetricUnit LowCardinality(String) CODEC(ZSTD(1)),
    Attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    StartTimeUnix DateTime64(9) CODEC(Delta(8), ZSTD(1)),
    TimeUnix DateTime64(9) CODEC(Delta(8), ZSTD(1)),
    Count UInt64 CODEC(ZSTD(1)),
    Sum Float64 CODEC(ZSTD(1)),
    ValueAtQuantiles Nested
    (
        Quantile Float64,
        Value Float64
    ) CODEC(ZSTD(1)),
    Flags UInt32 CODEC(ZSTD(1)),
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    Instance LowCardinality(String),
    Node LowCardinality(String),
    Zone LowCardinality(String)
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
PARTITION BY toDate(TimeUnix)
ORDER BY (Tenant, Environment, ServiceName, MetricName, TimeUnix)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1
;

CREATE TABLE IF NOT EXISTS otel_metrics_summary ON CLUSTER `windows` AS otel_metrics_summary_local
ENGINE = Distributed('windows', currentDatabase(), 'otel_metrics_summary_local', cityHash64(Tenant, Environment, ServiceName));

-- 10 s windows per operation and instance. Calls, errors and duration come from the view on otel_traces at arrival; settled calls, own
-- errors and self time are added by the recorder when traces settle. Histograms: libs/model/src/histogram.ts.
CREATE TABLE IF NOT EXISTS operation_windows_local ON CLUSTER `windows`
(
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    WindowStart DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    Service LowCardinality(String),
    Operation LowCardinality(String),
    Kind LowCardinality(String),
    Instance LowCardinality(String),
    Version LowCardinality(String),
    Node SimpleAggregateFunction(max, String),
    Zone SimpleAggregateFunction(max, String),
    Calls SimpleAggregateFunction(sum, UInt64),
    Errors SimpleAggregateFunction(sum, UInt64),
    Duration SimpleAggregateFunction(sumMap, Map(Int16, UInt64)),
    SettledCalls SimpleAggregateFunction(sum, UInt64),
    OwnErrors SimpleAggregateFunction(sum, UInt64),
    Self SimpleAggregateFunction(sumMap, Map(Int16, UInt64)),
    LastSeen SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = ReplicatedAggregatingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
PARTITION BY toMonday(WindowStart)
ORDER BY (Tenant, Environment, Service, WindowStart, Operation, Kind, Instance, Version)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1
;

CREATE TABLE IF NOT EXISTS operation_windows ON CLUSTER `windows` AS operation_windows_local
ENGINE = Distributed('windows', currentDatabase(), 'operation_windows_local', cityHash64(Tenant, Environment, Service));

-- The bucket must be exactly bucketOf() of libs/model/src/histogram.ts: a test compares the two.
CREATE MATERIALIZED VIEW IF NOT EXISTS operation_windows_view ON CLUSTER `windows` TO operation_windows_local AS
SELECT
    Tenant,
    Environment,
    toStartOfInterval(toDateTime(Timestamp, 'UTC'), INTERVAL 10 SECOND) AS WindowStart,
    ServiceName AS Service,
    Operation,
    lower(SpanKind) AS Kind,
    Instance,
    Version,
    max(otel_traces.Node) AS Node,
    max(otel_traces.Zone) AS Zone,
    count() AS Calls,
    countIf(StatusCode = 'Error') AS Errors,
    sumMap(map(toInt16(if(otel_traces.Duration < 1000, 0, floor(log2(otel_traces.Duration / 1000) * 8))), toUInt64(1))) AS Duration,
    max(toDateTime64(Timestamp, 3, 'UTC')) AS LastSeen
FROM otel_traces_local AS otel_traces
GROUP BY Tenant, Environment, WindowStart, Service, Operation, Kind, Instance, Version
;

-- 10 s windows of calls between services, written by the recorder when traces settle.
CREATE TABLE IF NOT EXISTS edge_windows_local ON CLUSTER `windows`
(
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    WindowStart DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    Caller LowCardinality(String),
    Callee LowCardinality(String),
    Operation LowCardinality(String),
    Source LowCardinality(String),
    CallerInstance LowCardinality(String),
    CalleeInstance LowCardinality(String),
    Calls SimpleAggregateFunction(sum, UInt64),
    Errors SimpleAggregateFunction(sum, UInt64),
    Duration SimpleAggregateFunction(sumMap, Map(Int16, UInt64)),
    Gap SimpleAggregateFunction(sumMap, Map(Int16, UInt64)),
    LastSeen SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = ReplicatedAggregatingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
PARTITION BY toMonday(WindowStart)
ORDER BY (Tenant, Environment, Caller, WindowStart, Callee, Operation, Source, CallerInstance, CalleeInstance)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1
;

CREATE TABLE IF NOT EXISTS edge_windows ON CLUSTER `windows` AS edge_windows_local
ENGINE = Distributed('windows', currentDatabase(), 'edge_windows_local', cityHash64(Tenant, Environment, Caller));

-- 10 s windows of log lines by template, written by the recorder. Lines without a span have an empty operation.
CREATE TABLE IF NOT EXISTS template_windows_local ON CLUSTER `windows`
(
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    WindowStart DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    Service LowCardinality(String),
    Operation LowCardinality(String),
    Template LowCardinality(String),
    Instance LowCardinality(String),
    Text SimpleAggregateFunction(max, String) CODEC(ZSTD(1)),
    SeverityNumber SimpleAggregateFunction(max, UInt8),
    Lines SimpleAggregateFunction(sum, UInt64),
    Spans SimpleAggregateFunction(sum, UInt64)
)
ENGINE = ReplicatedAggregatingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
PARTITION BY toMonday(WindowStart)
ORDER BY (Tenant, Environment, Service, WindowStart, Operation, Template, Instance)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1
;

CREATE TABLE IF NOT EXISTS template_windows ON CLUSTER `windows` AS template_windows_local
ENGINE = Distributed('windows', currentDatabase(), 'template_windows_local', cityHash64(Tenant, Environment, Service));

-- 10 s windows of which child calls an operation makes, written by the recorder when traces settle.
CREATE TABLE IF NOT EXISTS child_windows_local ON CLUSTER `windows`
(
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    WindowStart DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    Service LowCardinality(String),
    Operation LowCardinality(String),
    ChildService LowCardinality(String),
    ChildOperation LowCardinality(String),
    Spans SimpleAggregateFunction(sum, UInt64),
    Calls SimpleAggregateFunction(sum, UInt64),
    Errors SimpleAggregateFunction(sum, UInt64)
)
ENGINE = ReplicatedAggregatingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
PARTITION BY toMonday(WindowStart)
ORDER BY (Tenant, Environment, Service, WindowStart, Operation, ChildService, ChildOperation)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1
;

CREATE TABLE IF NOT EXISTS child_windows ON CLUSTER `windows` AS child_windows_local
ENGINE = Distributed('windows', currentDatabase(), 'child_windows_local', cityHash64(Tenant, Environment, Service));

-- The same in periods of 5 min, for the long slices of a question: fewer rows to add up. Seen and last-seen columns are left to the windows.
CREATE TABLE IF NOT EXISTS operation_periods_local ON CLUSTER `windows`
(
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    WindowStart DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    Service LowCardinality(String),
    Operation LowCardinality(String),
    Kind LowCardinality(String),
    Instance LowCardinality(String),
    Version LowCardinality(String),
    Calls SimpleAggregateFunction(sum, UInt64),
    Errors SimpleAggregateFunction(sum, UInt64),
    Duration SimpleAggregateFunction(sumMap, Map(Int16, UInt64)),
    SettledCalls SimpleAggregateFunction(sum, UInt64),
    OwnErrors SimpleAggregateFunction(sum, UInt64),
    Self SimpleAggregateFunction(sumMap, Map(Int16, UInt64))
)
ENGINE = ReplicatedAggregatingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
PARTITION BY toMonday(WindowStart)
ORDER BY (Tenant, Environment, Service, WindowStart, Operation, Kind, Instance, Version)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1
;

CREATE TABLE IF NOT EXISTS operation_periods ON CLUSTER `windows` AS operation_periods_local
ENGINE = Distributed('windows', currentDatabase(), 'operation_periods_local');

-- Sums what an insert adds to the windows, whether a view or the recorder adds it.
CREATE MATERIALIZED VIEW IF NOT EXISTS operation_periods_view ON CLUSTER `windows` TO operation_periods_local AS
SELECT
    Tenant,
    Environment,
    toStartOfInterval(operation_windows.WindowStart, INTERVAL 300 SECOND) AS WindowStart,
    Service,
    Operation,
    Kind,
    Instance,
    Version,
    sum(operation_windows.Calls) AS Calls,
    sum(operation_windows.Errors) AS Errors,
    sumMap(operation_windows.Duration) AS Duration,
    sum(operation_windows.SettledCalls) AS SettledCalls,
    sum(operation_windows.OwnErrors) AS OwnErrors,
    sumMap(operation_windows.Self) AS Self
FROM operation_windows_local AS operation_windows
GROUP BY Tenant, Environment, WindowStart, Service, Operation, Kind, Instance, Version
;

-- The same in periods of 5 min, without the columns that questions about a whole system do not tell apart.
CREATE TABLE IF NOT EXISTS edge_periods_local ON CLUSTER `windows`
(
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    WindowStart DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    Caller LowCardinality(String),
    Callee LowCardinality(String),
    Source LowCardinality(String),
    Calls SimpleAggregateFunction(sum, UInt64),
    Errors SimpleAggregateFunction(sum, UInt64),
    Duration SimpleAggregateFunction(sumMap, Map(Int16, UInt64)),
    Gap SimpleAggregateFunction(sumMap, Map(Int16, UInt64)),
    LastSeen SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = ReplicatedAggregatingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
PARTITION BY toMonday(WindowStart)
ORDER BY (Tenant, Environment, Caller, WindowStart, Callee, Source)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1
;

CREATE TABLE IF NOT EXISTS edge_periods ON CLUSTER `windows` AS edge_periods_local
ENGINE = Distributed('windows', currentDatabase(), 'edge_periods_local');

CREATE MATERIALIZED VIEW IF NOT EXISTS edge_periods_view ON CLUSTER `windows` TO edge_periods_local AS
SELECT
    Tenant,
    Environment,
    toStartOfInterval(edge_windows.WindowStart, INTERVAL 300 SECOND) AS WindowStart,
    Caller,
    Callee,
    Source,
    sum(edge_windows.Calls) AS Calls,
    sum(edge_windows.Errors) AS Errors,
    sumMap(edge_windows.Duration) AS Duration,
    sumMap(edge_windows.Gap) AS Gap,
    max(edge_windows.LastSeen) AS LastSeen
FROM edge_windows_local AS edge_windows
GROUP BY Tenant, Environment, WindowStart, Caller, Callee, Source
;

-- 10 s windows per metric series, filled by one view for each kind of metric. Shape says how to read a value:
--   gauge          mean = Sum / Points
--   counter        cumulative and monotonic: a rate from First and Last of this and the window before
--   delta          a rate: Sum over the length of the step
--   distribution   cumulative sum (value) and count (weight): mean = growth of value / growth of weight
--   distribution-delta   mean = Sum / Weight
-- First and Last are (time, value, weight); the least and greatest tuple are the same in any merge order.
CREATE TABLE IF NOT EXISTS metric_windows_local ON CLUSTER `windows`
(
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    WindowStart DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    Service LowCardinality(String),
    Metric LowCardinality(String),
    -- Hash of the resource, the metric, its unit and its attributes. The columns up to Shape are functions of it,
    -- so that any aggregate of them is the value itself.
    Series UInt64,
    Instance SimpleAggregateFunction(max, String),
    Node SimpleAggregateFunction(max, String),
    Zone SimpleAggregateFunction(max, String),
    Unit SimpleAggregateFunction(max, String),
    AttributeText SimpleAggregateFunction(max, String),
    Shape SimpleAggregateFunction(max, String),
    Points SimpleAggregateFunction(sum, UInt64),
    Sum SimpleAggregateFunction(sum, Float64),
    Weight SimpleAggregateFunction(sum, Float64),
    Min SimpleAggregateFunction(min, Float64),
    Max SimpleAggregateFunction(max, Float64),
    First SimpleAggregateFunction(min, Tuple(DateTime64(3, 'UTC'), Float64, Float64)),
    Last SimpleAggregateFunction(max, Tuple(DateTime64(3, 'UTC'), Float64, Float64))
)
ENGINE = ReplicatedAggregatingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
PARTITION BY toMonday(WindowStart)
ORDER BY (Tenant, Environment, Service, WindowStart, Metric, Series)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1
;

CREATE TABLE IF NOT EXISTS metric_windows ON CLUSTER `windows` AS metric_windows_local
ENGINE = Distributed('windows', currentDatabase(), 'metric_windows_local', cityHash64(Tenant, Environment, Service));

CREATE MATERIALIZED VIEW IF NOT EXISTS metric_windows_gauge_view ON CLUSTER `windows` TO metric_windows_local AS
SELECT
    Tenant,
    Environment,
    toStartOfInterval(toDateTime(TimeUnix, 'UTC'), INTERVAL 10 SECOND) AS WindowStart,
    ServiceName AS Service,
    MetricName AS Metric,
    cityHash64(Service, Instance, Node, Metric, Unit, Shape, AttributeText, toString(mapSort(ResourceAttributes))) AS Series,
    Instance,
    Node,
    Zone,
    MetricUnit AS Unit,
    arrayStringConcat(arrayMap(pair -> concat(pair.1, '=', pair.2), mapSort(source.Attributes)::Array(Tuple(String, String))), ',') AS AttributeText,
    'gauge' AS Shape,
    count() AS Points,
    sum(source.Value) AS Sum,
    sum(1.0) AS Weight,
    min(source.Value) AS Min,
    max(source.Value) AS Max,
    min((toDateTime64(TimeUnix, 3, 'UTC'), source.Value, 1.0)) AS First,
    max((toDateTime64(TimeUnix, 3, 'UTC'), source.Value, 1.0)) AS Last
FROM otel_metrics_gauge_local AS source
GROUP BY Tenant, Environment, WindowStart, Service, Metric, Series, Instance, Node, Zone, Unit, AttributeText, Shape
;

CREATE MATERIALIZED VIEW IF NOT EXISTS metric_windows_sum_view ON CLUSTER `windows` TO metric_windows_local AS
SELECT
    Tenant,
    Environment,
    toStartOfInterval(toDateTime(TimeUnix, 'UTC'), INTERVAL 10 SECOND) AS WindowStart,
    ServiceName AS Service,
    MetricName AS Metric,
    cityHash64(Service, Instance, Node, Metric, Unit, Shape, AttributeText, toString(mapSort(ResourceAttributes))) AS Series,
    Instance,
    Node,
    Zone,
    MetricUnit AS Unit,
    arrayStringConcat(arrayMap(pair -> concat(pair.1, '=', pair.2), mapSort(source.Attributes)::Array(Tuple(String, String))), ',') AS AttributeText,
    multiIf(AggregationTemporality = 1, 'delta', IsMonotonic, 'counter', 'gauge') AS Shape,
    count() AS Points,
    sum(source.Value) AS Sum,
    sum(1.0) AS Weight,
    min(source.Value) AS Min,
    max(source.Value) AS Max,
    min((toDateTime64(TimeUnix, 3, 'UTC'), source.Value, 1.0)) AS First,
    max((toDateTime64(TimeUnix, 3, 'UTC'), source.Value, 1.0)) AS Last
FROM otel_metrics_sum_local AS source
GROUP BY Tenant, Environment, WindowStart, Service, Metric, Series, Instance, Node, Zone, Unit, AttributeText, Shape
;

CREATE MATERIALIZED VIEW IF NOT EXISTS metric_windows_histogram_view ON CLUSTER `windows` TO metric_windows_local AS
SELECT
    Tenant,
    Environment,
    toStartOfInterval(toDateTime(TimeUnix, 'UTC'), INTERVAL 10 SECOND) AS WindowStart,
    ServiceName AS Service,
    MetricName AS Metric,
    cityHash64(Service, Instance, Node, Metric, Unit, Shape, AttributeText, toString(mapSort(ResourceAttributes))) AS Series,
    Instance,
    Node,
    Zone,
    MetricUnit AS Unit,
    arrayStringConcat(arrayMap(pair -> concat(pair.1, '=', pair.2), mapSort(source.Attributes)::Array(Tuple(String, String))), ',') AS AttributeText,
    if(AggregationTemporality = 1, 'distribution-delta', 'distribution') AS Shape,
    count() AS Points,
    sum(source.Sum) AS Sum,
    sum(toFloat64(source.Count)) AS Weight,
    min(if(source.Count = 0, 0, source.Sum / source.Count)) AS Min,
    max(if(source.Count = 0, 0, source.Sum / source.Count)) AS Max,
    min((toDateTime64(TimeUnix, 3, 'UTC'), source.Sum, toFloat64(source.Count))) AS First,
    max((toDateTime64(TimeUnix, 3, 'UTC'), source.Sum, toFloat64(source.Count))) AS Last
FROM otel_metrics_histogram_local AS source
GROUP BY Tenant, Environment, WindowStart, Service, Metric, Series, Instance, Node, Zone, Unit, AttributeText, Shape
;

CREATE MATERIALIZED VIEW IF NOT EXISTS metric_windows_exponential_histogram_view ON CLUSTER `windows` TO metric_windows_local AS
SELECT
    Tenant,
    Environment,
    toStartOfInterval(toDateTime(TimeUnix, 'UTC'), INTERVAL 10 SECOND) AS WindowStart,
    ServiceName AS Service,
    MetricName AS Metric,
    cityHash64(Service, Instance, Node, Metric, Unit, Shape, AttributeText, toString(mapSort(ResourceAttributes))) AS Series,
    Instance,
    Node,
    Zone,
    MetricUnit AS Unit,
    arrayStringConcat(arrayMap(pair -> concat(pair.1, '=', pair.2), mapSort(source.Attributes)::Array(Tuple(String, String))), ',') AS AttributeText,
    if(AggregationTemporality = 1, 'distribution-delta', 'distribution') AS Shape,
    count() AS Points,
    sum(source.Sum) AS Sum,
    sum(toFloat64(source.Count)) AS Weight,
    min(if(source.Count = 0, 0, source.Sum / source.Count)) AS Min,
    max(if(source.Count = 0, 0, source.Sum / source.Count)) AS Max,
    min((toDateTime64(TimeUnix, 3, 'UTC'), source.Sum, toFloat64(source.Count))) AS First,
    max((toDateTime64(TimeUnix, 3, 'UTC'), source.Sum, toFloat64(source.Count))) AS Last
FROM otel_metrics_exponential_histogram_local AS source
GROUP BY Tenant, Environment, WindowStart, Service, Metric, Series, Instance, Node, Zone, Unit, AttributeText, Shape
;

CREATE MATERIALIZED VIEW IF NOT EXISTS metric_windows_summary_view ON CLUSTER `windows` TO metric_windows_local AS
SELECT
    Tenant,
    Environment,
    toStartOfInterval(toDateTime(TimeUnix, 'UTC'), INTERVAL 10 SECOND) AS WindowStart,
    ServiceName AS Service,
    MetricName AS Metric,
    cityHash64(Service, Instance, Node, Metric, Unit, Shape, AttributeText, toString(mapSort(ResourceAttributes))) AS Series,
    Instance,
    Node,
    Zone,
    MetricUnit AS Unit,
    arrayStringConcat(arrayMap(pair -> concat(pair.1, '=', pair.2), mapSort(source.Attributes)::Array(Tuple(String, String))), ',') AS AttributeText,
    'distribution' AS Shape,
    count() AS Points,
    sum(source.Sum) AS Sum,
    sum(toFloat64(source.Count)) AS Weight,
    min(if(source.Count = 0, 0, source.Sum / source.Count)) AS Min,
    max(if(source.Count = 0, 0, source.Sum / source.Count)) AS Max,
    min((toDateTime64(TimeUnix, 3, 'UTC'), source.Sum, toFloat64(source.Count))) AS First,
    max((toDateTime64(TimeUnix, 3, 'UTC'), source.Sum, toFloat64(source.Count))) AS Last
FROM otel_metrics_summary_local AS source
GROUP BY Tenant, Environment, WindowStart, Service, Metric, Series, Instance, Node, Zone, Unit, AttributeText, Shape
;

-- The last sign of life of each service and instance, by day so that it can age away. Also the watermark of each signal.
CREATE TABLE IF NOT EXISTS presence_local ON CLUSTER `windows`
(
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    Day Date,
    Service LowCardinality(String),
    Instance LowCardinality(String),
    Node SimpleAggregateFunction(max, String),
    Zone SimpleAggregateFunction(max, String),
    LastSpan SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    LastMetric SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    LastLog SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = ReplicatedAggregatingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
PARTITION BY toMonday(Day)
ORDER BY (Tenant, Environment, Day, Service, Instance)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1
;

CREATE TABLE IF NOT EXISTS presence ON CLUSTER `windows` AS presence_local
ENGINE = Distributed('windows', currentDatabase(), 'presence_local', cityHash64(Tenant, Environment, Service));

-- Reads the already summed windows, so that it costs next to nothing for each span.
CREATE MATERIALIZED VIEW IF NOT EXISTS presence_spans_view ON CLUSTER `windows` TO presence_local AS
SELECT
    Tenant,
    Environment,
    toDate(WindowStart) AS Day,
    Service,
    Instance,
    max(operation_windows.Node) AS Node,
    max(operation_windows.Zone) AS Zone,
    max(LastSeen) AS LastSpan
FROM operation_windows_local AS operation_windows
WHERE Calls > 0
GROUP BY Tenant, Environment, Day, Service, Instance
;

CREATE MATERIALIZED VIEW IF NOT EXISTS presence_metrics_view ON CLUSTER `windows` TO presence_local AS
SELECT
    Tenant,
    Environment,
    toDate(WindowStart) AS Day,
    Service,
    Instance,
    max(metric_windows.Node) AS Node,
    max(metric_windows.Zone) AS Zone,
    max(Last.1) AS LastMetric
FROM metric_windows_local AS metric_windows
GROUP BY Tenant, Environment, Day, Service, Instance
;

CREATE MATERIALIZED VIEW IF NOT EXISTS presence_logs_view ON CLUSTER `windows` TO presence_local AS
SELECT
    Tenant,
    Environment,
    toDate(Timestamp, 'UTC') AS Day,
    ServiceName AS Service,
    Instance,
    max(otel_logs.Node) AS Node,
    max(otel_logs.Zone) AS Zone,
    max(toDateTime64(Timestamp, 3, 'UTC')) AS LastLog
FROM otel_logs_local AS otel_logs
GROUP BY Tenant, Environment, Day, Service, Instance
;

-- Every alert transition, for ever. The id is a hash of the content, so that a repeat replaces itself.
CREATE TABLE IF NOT EXISTS alerts_local ON CLUSTER `windows`
(
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    Id String,
    Source LowCardinality(String),
    Fingerprint String,
    Name LowCardinality(String),
    Status LowCardinality(String),
    Severity LowCardinality(String),
    Summary String,
    Labels Map(LowCardinality(String), String),
    Annotations Map(LowCardinality(String), String),
    Entities Map(LowCardinality(String), String),
    StartsAt DateTime64(3, 'UTC'),
    EndsAt Nullable(DateTime64(3, 'UTC')),
    ReceivedAt DateTime64(3, 'UTC'),
    Url String,
    Raw String CODEC(ZSTD(3))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
ORDER BY (Tenant, Environment, StartsAt, Id)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1
;

CREATE TABLE IF NOT EXISTS alerts ON CLUSTER `windows` AS alerts_local
ENGINE = Distributed('windows', currentDatabase(), 'alerts_local', cityHash64(Tenant, Environment, Id));

-- Every change, for ever. An empty environment means every one of the tenant.
CREATE TABLE IF NOT EXISTS changes_local ON CLUSTER `windows`
(
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    Id String,
    Source LowCardinality(String),
    Kind LowCardinality(String),
    Entities Map(LowCardinality(String), String),
    Summary String,
    Actor String,
    StartedAt DateTime64(3, 'UTC'),
    EndedAt Nullable(DateTime64(3, 'UTC')),
    Version String,
    PreviousVersion String,
    Url String,
    ReceivedAt DateTime64(3, 'UTC'),
    Raw String CODEC(ZSTD(3))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
ORDER BY (Tenant, Environment, StartedAt, Id)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1
;

CREATE TABLE IF NOT EXISTS changes ON CLUSTER `windows` AS changes_local
ENGINE = Distributed('windows', currentDatabase(), 'changes_local', cityHash64(Tenant, Environment, Id));

-- Edges of the call graph that telemetry does not show, as last declared.
CREATE TABLE IF NOT EXISTS declared_edges_local ON CLUSTER `windows`
(
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    Source LowCardinality(String),
    Caller LowCardinality(String),
    Callee LowCardinality(String),
    DeclaredAt DateTime64(3, 'UTC')
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', DeclaredAt)
ORDER BY (Tenant, Environment, Source, Caller, Callee)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1
;

CREATE TABLE IF NOT EXISTS declared_edges ON CLUSTER `windows` AS declared_edges_local
ENGINE = Distributed('windows', currentDatabase(), 'declared_edges_local', cityHash64(Tenant, Environment, Caller));

-- Every revision of every incident, for ever. Body is the whole of it; the other columns are for finding it.
CREATE TABLE IF NOT EXISTS incidents_local ON CLUSTER `windows`
(
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    IncidentId String,
    Revision UInt32,
    Status LowCardinality(String),
    Title String,
    Severity LowCardinality(String),
    StartedAt DateTime64(3, 'UTC'),
    DetectedAt DateTime64(3, 'UTC'),
    UpdatedAt DateTime64(3, 'UTC'),
    ResolvedAt Nullable(DateTime64(3, 'UTC')),
    Verdict LowCardinality(String),
    AlertCount UInt32,
    CauseService LowCardinality(String),
    CauseKind LowCardinality(String),
    Services Array(String),
    AlertNames Array(String),
    Resolution String,
    Body String CODEC(ZSTD(3))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
ORDER BY (Tenant, Environment, IncidentId, Revision)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1
;

CREATE TABLE IF NOT EXISTS incidents ON CLUSTER `windows` AS incidents_local
ENGINE = Distributed('windows', currentDatabase(), 'incidents_local', cityHash64(Tenant, Environment, IncidentId));

-- The members of every incident, also those that left it, each as it was last, for ever. An alert whose start was put right has a row of each start.
CREATE TABLE IF NOT EXISTS incident_alerts_local ON CLUSTER `windows`
(
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    IncidentId String,
    Revision UInt32,
    Source LowCardinality(String),
    Fingerprint String,
    StartsAt DateTime64(3, 'UTC'),
    Name LowCardinality(String),
    Status LowCardinality(String),
    Severity LowCardinality(String),
    EndsAt Nullable(DateTime64(3, 'UTC')),
    Labels Map(LowCardinality(String), String),
    Entities Map(LowCardinality(String), String),
    Entity String,
    Reason String,
    Url String,
    -- `present`, or `left`: it went to another incident.
    Membership LowCardinality(String)
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', Revision)
ORDER BY (Tenant, Environment, IncidentId, StartsAt, Source, Fingerprint)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1
;

CREATE TABLE IF NOT EXISTS incident_alerts ON CLUSTER `windows` AS incident_alerts_local
ENGINE = Distributed('windows', currentDatabase(), 'incident_alerts_local', cityHash64(Tenant, Environment, IncidentId));

-- The cluster that an instance runs in: where one service runs in several, the others are the control of a change made in one.
ALTER TABLE presence_local ON CLUSTER `windows` ADD COLUMN IF NOT EXISTS Cluster SimpleAggregateFunction(max, String)
;

-- The cluster that an instance runs in: where one service runs in several, the others are the control of a change made in one.
ALTER TABLE presence ON CLUSTER `windows` ADD COLUMN IF NOT EXISTS Cluster SimpleAggregateFunction(max, String)
;

-- Windows do not know it, so it is read from the spans. Senders that name no cluster write nothing here.
CREATE MATERIALIZED VIEW IF NOT EXISTS presence_clusters_view ON CLUSTER `windows` TO presence_local AS
SELECT
    Tenant,
    Environment,
    toDate(Timestamp, 'UTC') AS Day,
    ServiceName AS Service,
    Instance,
    max(ResourceAttributes['k8s.cluster.name']) AS Cluster
FROM otel_traces_local AS otel_traces
WHERE ResourceAttributes['k8s.cluster.name'] != ''
GROUP BY Tenant, Environment, Day, Service, Instance
;

-- The same in periods of 5 min, for the far past of a series. Two weeks of windows are too many to read while somebody waits: each period is dealt
-- to one of 29 parts in turn, and a question reads as many parts as it can afford. 29 has no divisor in common with the periods of an hour, a day
-- or a week, so that each part by itself holds every time of day.
CREATE TABLE IF NOT EXISTS metric_periods_local ON CLUSTER `windows`
(
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    Service LowCardinality(String),
    Part UInt8 CODEC(ZSTD(1)),
    WindowStart DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    Metric LowCardinality(String),
    Series UInt64,
    Node SimpleAggregateFunction(max, String),
    Shape SimpleAggregateFunction(max, String),
    Sum SimpleAggregateFunction(sum, Float64),
    Weight SimpleAggregateFunction(sum, Float64),
    First SimpleAggregateFunction(min, Tuple(DateTime64(3, 'UTC'), Float64, Float64)),
    Last SimpleAggregateFunction(max, Tuple(DateTime64(3, 'UTC'), Float64, Float64))
)
ENGINE = ReplicatedAggregatingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
PARTITION BY toMonday(WindowStart)
ORDER BY (Tenant, Environment, Service, Part, WindowStart, Metric, Series)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1
;

CREATE TABLE IF NOT EXISTS metric_periods ON CLUSTER `windows` AS metric_periods_local
ENGINE = Distributed('windows', currentDatabase(), 'metric_periods_local');

CREATE MATERIALIZED VIEW IF NOT EXISTS metric_periods_view ON CLUSTER `windows` TO metric_periods_local AS
SELECT
    Tenant,
    Environment,
    Service,
    toUInt8(intDiv(toUnixTimestamp(WindowStart), 300) % 29) AS Part,
    toStartOfInterval(metric_windows.WindowStart, INTERVAL 300 SECOND) AS WindowStart,
    Metric,
    Series,
    max(metric_windows.Node) AS Node,
    max(metric_windows.Shape) AS Shape,
    sum(metric_windows.Sum) AS Sum,
    sum(metric_windows.Weight) AS Weight,
    min(metric_windows.First) AS First,
    max(metric_windows.Last) AS Last
FROM metric_windows_local AS metric_windows
GROUP BY Tenant, Environment, Service, Part, WindowStart, Metric, Series
;

-- The namespace of Kubernetes that an instance runs in: an alert that names no environment may name a namespace.
ALTER TABLE presence_local ON CLUSTER `windows` ADD COLUMN IF NOT EXISTS Namespace SimpleAggregateFunction(max, String)
;

-- The namespace of Kubernetes that an instance runs in: an alert that names no environment may name a namespace.
ALTER TABLE presence ON CLUSTER `windows` ADD COLUMN IF NOT EXISTS Namespace SimpleAggregateFunction(max, String)
;

-- The environment as senders wrote it, before it was folded to one name.
ALTER TABLE presence_local ON CLUSTER `windows` ADD COLUMN IF NOT EXISTS EnvironmentNames SimpleAggregateFunction(groupUniqArrayArray, Array(String))
;

-- The environment as senders wrote it, before it was folded to one name.
ALTER TABLE presence ON CLUSTER `windows` ADD COLUMN IF NOT EXISTS EnvironmentNames SimpleAggregateFunction(groupUniqArrayArray, Array(String))
;

-- Windows know neither, so they are read from the spans. Senders that name neither write nothing here.
CREATE MATERIALIZED VIEW IF NOT EXISTS presence_names_view ON CLUSTER `windows` TO presence_local AS
SELECT
    Tenant,
    Environment,
    toDate(Timestamp, 'UTC') AS Day,
    ServiceName AS Service,
    Instance,
    max(ResourceAttributes['k8s.namespace.name']) AS Namespace,
    groupUniqArrayArray(arrayFilter(name -> name != '', [
        if(ResourceAttributes['deployment.environment.name'] != '',
            ResourceAttributes['deployment.environment.name'],
            ResourceAttributes['deployment.environment'])])) AS EnvironmentNames
FROM otel_traces_local AS otel_traces
WHERE ResourceAttributes['k8s.namespace.name'] != ''
    OR ResourceAttributes['deployment.environment.name'] != ''
    OR ResourceAttributes['deployment.environment'] != ''
GROUP BY Tenant, Environment, Day, Service, Instance
;

-- All environments of an incident. `Environment` holds the one of an incident that has one, and is empty otherwise.
ALTER TABLE incidents_local ON CLUSTER `windows` ADD COLUMN IF NOT EXISTS Environments Array(LowCardinality(String))
;

-- All environments of an incident. `Environment` holds the one of an incident that has one, and is empty otherwise.
ALTER TABLE incidents ON CLUSTER `windows` ADD COLUMN IF NOT EXISTS Environments Array(LowCardinality(String))
;

-- What kind of alert a member is.
ALTER TABLE incident_alerts_local ON CLUSTER `windows` ADD COLUMN IF NOT EXISTS Kind LowCardinality(String) DEFAULT 'fault'
;

-- What kind of alert a member is.
ALTER TABLE incident_alerts ON CLUSTER `windows` ADD COLUMN IF NOT EXISTS Kind LowCardinality(String) DEFAULT 'fault'
;

-- The environment that the alert itself names. `Environment` is that of its incident.
ALTER TABLE incident_alerts_local ON CLUSTER `windows` ADD COLUMN IF NOT EXISTS NamedEnvironment LowCardinality(String)
;

-- The environment that the alert itself names. `Environment` is that of its incident.
ALTER TABLE incident_alerts ON CLUSTER `windows` ADD COLUMN IF NOT EXISTS NamedEnvironment LowCardinality(String)
;

-- Every drift, for ever: one row from its start to its end, and another one for each value that it took. The last row of an Id by ObservedAt is its state.
CREATE TABLE IF NOT EXISTS drift_local ON CLUSTER `windows`
(
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    Id String,
    Cluster LowCardinality(String),
    ObjectKind LowCardinality(String),
    Namespace LowCardinality(String),
    Name String,
    Entities Map(LowCardinality(String), String),
    -- `cluster`, `declared` or `past`: what it is compared with.
    Against LowCardinality(String),
    Reference String,
    Path String,
    -- JSON. Salted hashes stand for secret values. Null: the path is absent.
    Value Nullable(String),
    Expected Nullable(String),
    Area LowCardinality(String),
    Risk LowCardinality(String),
    Actor String,
    ChangeId String,
    Team LowCardinality(String),
    Since DateTime64(3, 'UTC'),
    EndedAt Nullable(DateTime64(3, 'UTC')),
    ObservedAt DateTime64(3, 'UTC')
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', ObservedAt)
ORDER BY (Tenant, Environment, Id, Since)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1
;

CREATE TABLE IF NOT EXISTS drift ON CLUSTER `windows` AS drift_local
ENGINE = Distributed('windows', currentDatabase(), 'drift_local', cityHash64(Tenant, Environment, Id));

-- What containers use, by hour and pod. The recorder adds it up from metric points, because a rate needs the point before. Cpu and Memory hold
-- how many samples fell into each bucket of libs/model/src/usage-histogram.ts, in cores and bytes. Requests and limits are 0 where none is
-- known. A container is a few rows a day, so weeks of it stay cheap to keep and to read.
CREATE TABLE IF NOT EXISTS container_usage_local ON CLUSTER `windows`
(
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    Hour DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    Cluster LowCardinality(String),
    Namespace LowCardinality(String),
    Workload LowCardinality(String),
    Container LowCardinality(String),
    Pod String CODEC(ZSTD(1)),
    Cpu SimpleAggregateFunction(sumMap, Map(Int16, UInt64)),
    CpuMax SimpleAggregateFunction(max, Float64),
    Memory SimpleAggregateFunction(sumMap, Map(Int16, UInt64)),
    MemoryMax SimpleAggregateFunction(max, Float64),
    ThrottledPeriods SimpleAggregateFunction(sum, UInt64),
    Periods SimpleAggregateFunction(sum, UInt64),
    Restarts SimpleAggregateFunction(sum, UInt64),
    OomEvents SimpleAggregateFunction(sum, UInt64),
    OomKilled SimpleAggregateFunction(max, UInt8),
    CpuRequest SimpleAggregateFunction(max, Float64),
    CpuLimit SimpleAggregateFunction(max, Float64),
    MemoryRequest SimpleAggregateFunction(max, Float64),
    MemoryLimit SimpleAggregateFunction(max, Float64)
)
ENGINE = ReplicatedAggregatingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
PARTITION BY toMonday(Hour)
ORDER BY (Tenant, Environment, Namespace, Workload, Container, Hour, Cluster, Pod)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1
;

CREATE TABLE IF NOT EXISTS container_usage ON CLUSTER `windows` AS container_usage_local
ENGINE = Distributed('windows', currentDatabase(), 'container_usage_local', cityHash64(Tenant, Environment, Namespace, Workload));

-- Requests and limits beside the use of the last 14 days, one row for each container of a workload, for Grafana. Cores and bytes for each pod;
-- 0 where nothing is known. CpuP95 is the upper bound of a bucket, so it is up to 5 % too high. Recommendations are made by the query API.
CREATE VIEW IF NOT EXISTS container_rightsizing ON CLUSTER `windows` AS
SELECT
    podTenant AS Tenant,
    podEnvironment AS Environment,
    podCluster AS Cluster,
    podNamespace AS Namespace,
    podWorkload AS Workload,
    podContainer AS Container,
    least(max(podCpuMax), 0.001 * pow(1.05, quantileExactWeightedArray(0.95)(mapKeys(podCpu), mapValues(podCpu)))) AS CpuP95,
    max(podCpuMax) AS CpuMax,
    max(podCpuRequest).2 AS CpuRequest,
    max(podCpuLimit).2 AS CpuLimit,
    max(podMemoryMax) AS MemoryMax,
    max(podMemoryRequest).2 AS MemoryRequest,
    max(podMemoryLimit).2 AS MemoryLimit,
    if(sum(podPeriods) = 0, 0, sum(podThrottled) / sum(podPeriods)) AS ThrottledShare,
    sum(podOomKills) AS OomKills,
    length(groupUniqArrayArray(podHours)) AS MeasuredHours,
    max(lastHour) AS LastHour
FROM
(
    SELECT
        container_usage.Tenant AS podTenant,
        container_usage.Environment AS podEnvironment,
        container_usage.Cluster AS podCluster,
        container_usage.Namespace AS podNamespace,
        container_usage.Workload AS podWorkload,
        container_usage.Container AS podContainer,
        container_usage.Pod AS pod,
        sumMap(container_usage.Cpu) AS podCpu,
        max(container_usage.CpuMax) AS podCpuMax,
        max(container_usage.MemoryMax) AS podMemoryMax,
        groupUniqArrayIf(container_usage.Hour, notEmpty(container_usage.Cpu)) AS podHours,
        max(container_usage.Hour) AS lastHour,
        sum(container_usage.ThrottledPeriods) AS podThrottled,
        sum(container_usage.Periods) AS podPeriods,
        greatest(sum(container_usage.OomEvents), if(max(container_usage.OomKilled) = 1, sum(container_usage.Restarts), 0)) AS podOomKills,
        maxIf((container_usage.Hour, container_usage.CpuRequest), container_usage.CpuRequest > 0) AS podCpuRequest,
        maxIf((container_usage.Hour, container_usage.CpuLimit), container_usage.CpuLimit > 0) AS podCpuLimit,
        maxIf((container_usage.Hour, container_usage.MemoryRequest), container_usage.MemoryRequest > 0) AS podMemoryRequest,
        maxIf((container_usage.Hour, container_usage.MemoryLimit), container_usage.MemoryLimit > 0) AS podMemoryLimit
    FROM container_usage
    WHERE container_usage.Hour >= now() - INTERVAL 14 DAY
    GROUP BY podTenant, podEnvironment, podCluster, podNamespace, podWorkload, podContainer, pod
)
GROUP BY podTenant, podEnvironment, podCluster, podNamespace, podWorkload, podContainer
;

-- What a change did to an object of a cluster; Detail is the whole of it as JSON. Each state of a rollout is a row with the same Id. The row with the latest RolloutAt counts.
ALTER TABLE changes_local ON CLUSTER `windows` ADD COLUMN IF NOT EXISTS Cluster LowCardinality(String), ADD COLUMN IF NOT EXISTS ObjectKind LowCardinality(String), ADD COLUMN IF NOT EXISTS ObjectNamespace LowCardinality(String), ADD COLUMN IF NOT EXISTS ObjectName String, ADD COLUMN IF NOT EXISTS Manager LowCardinality(String), ADD COLUMN IF NOT EXISTS RolloutState LowCardinality(String), ADD COLUMN IF NOT EXISTS RolloutAt DateTime64(3, 'UTC'), ADD COLUMN IF NOT EXISTS Detail String CODEC(ZSTD(3))
;

-- What a change did to an object of a cluster; Detail is the whole of it as JSON. Each state of a rollout is a row with the same Id. The row with the latest RolloutAt counts.
ALTER TABLE changes ON CLUSTER `windows` ADD COLUMN IF NOT EXISTS Cluster LowCardinality(String), ADD COLUMN IF NOT EXISTS ObjectKind LowCardinality(String), ADD COLUMN IF NOT EXISTS ObjectNamespace LowCardinality(String), ADD COLUMN IF NOT EXISTS ObjectName String, ADD COLUMN IF NOT EXISTS Manager LowCardinality(String), ADD COLUMN IF NOT EXISTS RolloutState LowCardinality(String), ADD COLUMN IF NOT EXISTS RolloutAt DateTime64(3, 'UTC'), ADD COLUMN IF NOT EXISTS Detail String CODEC(ZSTD(3))
;

-- Every fault of an object of a cluster, for ever. The row with the latest ObservedAt counts. Body is the whole of it; the other columns are for finding it.
CREATE TABLE IF NOT EXISTS workload_findings_local ON CLUSTER `windows`
(
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    Cluster LowCardinality(String),
    Id String,
    Mechanism LowCardinality(String),
    ObjectKind LowCardinality(String),
    ObjectNamespace LowCardinality(String),
    ObjectName String,
    Field String,
    TargetKind LowCardinality(String),
    TargetName String,
    TargetKey String,
    Service LowCardinality(String),
    Workload LowCardinality(String),
    Node LowCardinality(String),
    Reason LowCardinality(String),
    Since DateTime64(3, 'UTC'),
    EndedAt Nullable(DateTime64(3, 'UTC')),
    ObservedAt DateTime64(3, 'UTC'),
    Affected UInt32,
    Total UInt32,
    ChangeId String,
    ChangedBy String,
    Summary String,
    Body String CODEC(ZSTD(3))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', ObservedAt)
ORDER BY (Tenant, Environment, Cluster, Since, Id)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1
;

CREATE TABLE IF NOT EXISTS workload_findings ON CLUSTER `windows` AS workload_findings_local
ENGINE = Distributed('windows', currentDatabase(), 'workload_findings_local', cityHash64(Tenant, Environment, Id));

-- What an incident was like, as traits (`kind latency`), and what was done about it. Rows of older releases get the traits that their columns tell of. The hashes find similar incidents: only resolved ones have any, so that the column is small.
ALTER TABLE incidents_local ON CLUSTER `windows` ADD COLUMN IF NOT EXISTS Traits Array(String) DEFAULT arrayConcat(if(Verdict = 'identified' AND CauseService != '', [concat('cause ', CauseService), concat('kind ', CauseKind)], []), arrayMap(name -> concat('alert ', name), AlertNames)), ADD COLUMN IF NOT EXISTS TraitHashes Array(UInt64) DEFAULT if(Status = 'resolved', arrayMap(trait -> cityHash64(trait), Traits), []), ADD COLUMN IF NOT EXISTS Remediations Array(Tuple(kind String, target String, worked Bool, minutes Nullable(Float64)))
;

-- What an incident was like, as traits (`kind latency`), and what was done about it. Rows of older releases get the traits that their columns tell of. The hashes find similar incidents: only resolved ones have any, so that the column is small.
ALTER TABLE incidents ON CLUSTER `windows` ADD COLUMN IF NOT EXISTS Traits Array(String) DEFAULT arrayConcat(if(Verdict = 'identified' AND CauseService != '', [concat('cause ', CauseService), concat('kind ', CauseKind)], []), arrayMap(name -> concat('alert ', name), AlertNames)), ADD COLUMN IF NOT EXISTS TraitHashes Array(UInt64) DEFAULT if(Status = 'resolved', arrayMap(trait -> cityHash64(trait), Traits), []), ADD COLUMN IF NOT EXISTS Remediations Array(Tuple(kind String, target String, worked Bool, minutes Nullable(Float64)))
;

-- Finds the transitions of one alert: people ask by fingerprint, and the table is sorted by start.
ALTER TABLE alerts_local ON CLUSTER `windows` ADD INDEX IF NOT EXISTS idx_fingerprint Fingerprint TYPE bloom_filter(0.01) GRANULARITY 1
;

-- Services that people refused as the cause. They count against the same service in incidents with the same alerts.
ALTER TABLE incidents_local ON CLUSTER `windows` ADD COLUMN IF NOT EXISTS RejectedCauses Array(String)
;

-- Services that people refused as the cause. They count against the same service in incidents with the same alerts.
ALTER TABLE incidents ON CLUSTER `windows` ADD COLUMN IF NOT EXISTS RejectedCauses Array(String)
;

-- Finds the incidents of one alert.
ALTER TABLE incident_alerts_local ON CLUSTER `windows` ADD INDEX IF NOT EXISTS idx_fingerprint Fingerprint TYPE bloom_filter(0.01) GRANULARITY 1
;

-- The team that owns the likely cause, and when each stage was reached, ms since 1970 by its name. A stage that was not reached is left out.
ALTER TABLE incidents_local ON CLUSTER `windows` ADD COLUMN IF NOT EXISTS Team LowCardinality(String), ADD COLUMN IF NOT EXISTS StageTimes Map(LowCardinality(String), Int64)
;

-- The team that owns the likely cause, and when each stage was reached, ms since 1970 by its name. A stage that was not reached is left out.
ALTER TABLE incidents ON CLUSTER `windows` ADD COLUMN IF NOT EXISTS Team LowCardinality(String), ADD COLUMN IF NOT EXISTS StageTimes Map(LowCardinality(String), Int64)
;

-- One row for each stage of each resolved incident, by its last revision. The mean of SecondsFromOnset for `recovered` is the time to recovery.
CREATE VIEW IF NOT EXISTS incident_stages ON CLUSTER `windows` AS
SELECT
    inTenant AS Tenant,
    inOne AS Environment,
    id AS IncidentId,
    toStartOfMonth(startedAt) AS Month,
    ownedBy AS Team,
    causedBy AS Service,
    faultType AS Kind,
    reached.1 AS Stage,
    fromUnixTimestamp64Milli(reached.2, 'UTC') AS ReachedAt,
    greatest(0, reached.2 - stageTimes['onset']) / 1000 AS SecondsFromOnset
FROM
(
    SELECT
        incidents.Tenant AS inTenant,
        incidents.IncidentId AS id,
        argMax(incidents.Environment, incidents.Revision) AS inOne,
        argMax(incidents.StartedAt, incidents.Revision) AS startedAt,
        argMax(incidents.Status, incidents.Revision) AS lastStatus,
        argMax(incidents.AlertCount, incidents.Revision) AS alerts,
        argMax(incidents.Team, incidents.Revision) AS ownedBy,
        argMax(if(incidents.Verdict = 'identified', incidents.CauseService, ''), incidents.Revision) AS causedBy,
        argMax(if(incidents.Verdict = 'identified', incidents.CauseKind, ''), incidents.Revision) AS faultType,
        argMax(incidents.StageTimes, incidents.Revision) AS stageTimes
    FROM incidents
    GROUP BY inTenant, id
)
ARRAY JOIN CAST(stageTimes, 'Array(Tuple(String, Int64))') AS reached
WHERE lastStatus = 'resolved' AND alerts > 0
;

-- The recorder writes these rows now. Resource is the text of the resource: it goes into the hash and is not stored. Series stays the number that
-- the views computed, so a series goes on over an upgrade.
ALTER TABLE metric_windows_local ON CLUSTER `windows` ADD COLUMN IF NOT EXISTS Resource LowCardinality(String) EPHEMERAL '', MODIFY COLUMN Series UInt64 DEFAULT cityHash64(Service, Instance, Node, Metric, Unit, Shape, AttributeText, Resource)
;

DROP TABLE IF EXISTS metric_windows ON CLUSTER `windows` SYNC;

CREATE TABLE IF NOT EXISTS metric_windows ON CLUSTER `windows` AS metric_windows_local
ENGINE = Distributed('windows', currentDatabase(), 'metric_windows_local', cityHash64(Tenant, Environment, Service));

-- On a cluster, the distributed table needs a key by which rows are sent to shards.
ALTER TABLE presence_local ON CLUSTER `windows` MODIFY COMMENT 'Written by the recorder, one row for each batch, service, instance and day'
;

DROP TABLE IF EXISTS presence ON CLUSTER `windows` SYNC;

CREATE TABLE IF NOT EXISTS presence ON CLUSTER `windows` AS presence_local
ENGINE = Distributed('windows', currentDatabase(), 'presence_local', cityHash64(Tenant, Environment, Service));

DROP VIEW IF EXISTS operation_windows_view ON CLUSTER `windows`;

DROP VIEW IF EXISTS metric_windows_gauge_view ON CLUSTER `windows`;

DROP VIEW IF EXISTS metric_windows_sum_view ON CLUSTER `windows`;

DROP VIEW IF EXISTS metric_windows_histogram_view ON CLUSTER `windows`;

DROP VIEW IF EXISTS metric_windows_exponential_histogram_view ON CLUSTER `windows`;

DROP VIEW IF EXISTS metric_windows_summary_view ON CLUSTER `windows`;

DROP VIEW IF EXISTS presence_spans_view ON CLUSTER `windows`;

DROP VIEW IF EXISTS presence_metrics_view ON CLUSTER `windows`;

DROP VIEW IF EXISTS presence_logs_view ON CLUSTER `windows`;

DROP VIEW IF EXISTS presence_clusters_view ON CLUSTER `windows`;

DROP VIEW IF EXISTS presence_names_view ON CLUSTER `windows`;
