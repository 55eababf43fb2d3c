-- 10 s windows per operation and instance. Calls, errors and duration come from the view on otel_traces at arrival; settled calls, own
-- errors and self time are added by the recorder when traces settle. Histograms: libs/model/src/histogram.ts.
CREATE TABLE IF NOT EXISTS operation_windows
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
ENGINE = AggregatingMergeTree
PARTITION BY toMonday(WindowStart)
ORDER BY (Tenant, Environment, Service, WindowStart, Operation, Kind, Instance, Version)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1
