-- The same in periods of 5 min, for the far past of a series. Two weeks of windows are too many to read while somebody waits: each period is dealt
-- to one of 29 parts in turn, and a question reads as many parts as it can afford. 29 has no divisor in common with the periods of an hour, a day
-- or a week, so that each part by itself holds every time of day.
CREATE TABLE IF NOT EXISTS metric_periods
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
ENGINE = AggregatingMergeTree
PARTITION BY toMonday(WindowStart)
ORDER BY (Tenant, Environment, Service, Part, WindowStart, Metric, Series)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1
