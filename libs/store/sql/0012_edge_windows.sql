-- 10 s windows of calls between services, written by the recorder when traces settle.
CREATE TABLE IF NOT EXISTS edge_windows
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
ENGINE = AggregatingMergeTree
PARTITION BY toMonday(WindowStart)
ORDER BY (Tenant, Environment, Caller, WindowStart, Callee, Operation, Source, CallerInstance, CalleeInstance)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1
