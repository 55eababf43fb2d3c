-- What containers use, by hour and pod. The recorder adds it up from metric points, because a rate needs the point before. Cpu and Memory hold
-- how many samples fell into each bucket of libs/model/src/usage-histogram.ts, in cores and bytes. Requests and limits are 0 where none is
-- known. A container is a few rows a day, so weeks of it stay cheap to keep and to read.
CREATE TABLE IF NOT EXISTS container_usage
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
ENGINE = AggregatingMergeTree
PARTITION BY toMonday(Hour)
ORDER BY (Tenant, Environment, Namespace, Workload, Container, Hour, Cluster, Pod)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 1
