-- Every change, for ever. An empty environment means every one of the tenant.
CREATE TABLE IF NOT EXISTS changes
(
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    Id String,
    Source LowCardinality(String),
    Kind LowCardinality(String),
    Entities Map(LowCardinality(String), String),
    Summary String,
    Actor String,
    StartedAt DateTime64(3, 'UTC'),
    EndedAt Nullable(DateTime64(3, 'UTC')),
    Version String,
    PreviousVersion String,
    Url String,
    ReceivedAt DateTime64(3, 'UTC'),
    Raw String CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree
ORDER BY (Tenant, Environment, StartedAt, Id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
