-- Every revision of every incident, for ever. Body is the whole of it; the other columns are for finding it.
CREATE TABLE IF NOT EXISTS incidents
(
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    IncidentId String,
    Revision UInt32,
    Status LowCardinality(String),
    Title String,
    Severity LowCardinality(String),
    StartedAt DateTime64(3, 'UTC'),
    DetectedAt DateTime64(3, 'UTC'),
    UpdatedAt DateTime64(3, 'UTC'),
    ResolvedAt Nullable(DateTime64(3, 'UTC')),
    Verdict LowCardinality(String),
    AlertCount UInt32,
    CauseService LowCardinality(String),
    CauseKind LowCardinality(String),
    Services Array(String),
    AlertNames Array(String),
    Resolution String,
    Body String CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree
ORDER BY (Tenant, Environment, IncidentId, Revision)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
