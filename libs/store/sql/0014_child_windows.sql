-- 10 s windows of which child calls an operation makes, written by the recorder when traces settle.
CREATE TABLE IF NOT EXISTS child_windows
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
ENGINE = AggregatingMergeTree
PARTITION BY toMonday(WindowStart)
ORDER BY (Tenant, Environment, Service, WindowStart, Operation, ChildService, ChildOperation)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1
