-- The same in periods of 5 min, without the columns that questions about a whole system do not tell apart.
CREATE TABLE IF NOT EXISTS edge_periods
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
ENGINE = AggregatingMergeTree
PARTITION BY toMonday(WindowStart)
ORDER BY (Tenant, Environment, Caller, WindowStart, Callee, Source)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1
