-- 10 s windows of log lines by template, written by the recorder. Lines without a span have an empty operation.
CREATE TABLE IF NOT EXISTS template_windows
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
ENGINE = AggregatingMergeTree
PARTITION BY toMonday(WindowStart)
ORDER BY (Tenant, Environment, Service, WindowStart, Operation, Template, Instance)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1
