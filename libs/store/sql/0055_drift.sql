-- Every drift, for ever: one row from its start to its end, and another one for each value that it took. The last row of an Id by ObservedAt is its state.
CREATE TABLE IF NOT EXISTS drift
(
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    Id String,
    Cluster LowCardinality(String),
    ObjectKind LowCardinality(String),
    Namespace LowCardinality(String),
    Name String,
    Entities Map(LowCardinality(String), String),
    -- `cluster`, `declared` or `past`: what it is compared with.
    Against LowCardinality(String),
    Reference String,
    Path String,
    -- JSON. Salted hashes stand for secret values. Null: the path is absent.
    Value Nullable(String),
    Expected Nullable(String),
    Area LowCardinality(String),
    Risk LowCardinality(String),
    Actor String,
    ChangeId String,
    Team LowCardinality(String),
    Since DateTime64(3, 'UTC'),
    EndedAt Nullable(DateTime64(3, 'UTC')),
    ObservedAt DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(ObservedAt)
ORDER BY (Tenant, Environment, Id, Since)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
