-- The same in periods of 5 min, for the long slices of a question: fewer rows to add up. Seen and last-seen columns are left to the windows.
CREATE TABLE IF NOT EXISTS operation_periods
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
ENGINE = AggregatingMergeTree
PARTITION BY toMonday(WindowStart)
ORDER BY (Tenant, Environment, Service, WindowStart, Operation, Kind, Instance, Version)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1
