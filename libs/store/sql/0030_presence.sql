-- The last sign of life of each service and instance, by day so that it can age away. Also the watermark of each signal.
CREATE TABLE IF NOT EXISTS presence
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
ENGINE = AggregatingMergeTree
PARTITION BY toMonday(Day)
ORDER BY (Tenant, Environment, Day, Service, Instance)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1
