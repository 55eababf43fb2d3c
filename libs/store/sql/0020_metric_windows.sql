-- 10 s windows per metric series, filled by one view for each kind of metric. Shape says how to read a value:
--   gauge          mean = Sum / Points
--   counter        cumulative and monotonic: a rate from First and Last of this and the window before
--   delta          a rate: Sum over the length of the step
--   distribution   cumulative sum (value) and count (weight): mean = growth of value / growth of weight
--   distribution-delta   mean = Sum / Weight
-- First and Last are (time, value, weight); the least and greatest tuple are the same in any merge order.
CREATE TABLE IF NOT EXISTS metric_windows
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
ENGINE = AggregatingMergeTree
PARTITION BY toMonday(WindowStart)
ORDER BY (Tenant, Environment, Service, WindowStart, Metric, Series)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1
