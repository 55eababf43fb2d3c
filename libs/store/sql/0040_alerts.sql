-- Every alert transition, for ever. The id is a hash of the content, so that a repeat replaces itself.
CREATE TABLE IF NOT EXISTS alerts
(
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    Id String,
    Source LowCardinality(String),
    Fingerprint String,
    Name LowCardinality(String),
    Status LowCardinality(String),
    Severity LowCardinality(String),
    Summary String,
    Labels Map(LowCardinality(String), String),
    Annotations Map(LowCardinality(String), String),
    Entities Map(LowCardinality(String), String),
    StartsAt DateTime64(3, 'UTC'),
    EndsAt Nullable(DateTime64(3, 'UTC')),
    ReceivedAt DateTime64(3, 'UTC'),
    Url String,
    Raw String CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree
ORDER BY (Tenant, Environment, StartsAt, Id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
