-- Every fault of an object of a cluster, for ever. The row with the latest ObservedAt counts. Body is the whole of it; the other columns are for finding it.
CREATE TABLE IF NOT EXISTS workload_findings
(
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    Cluster LowCardinality(String),
    Id String,
    Mechanism LowCardinality(String),
    ObjectKind LowCardinality(String),
    ObjectNamespace LowCardinality(String),
    ObjectName String,
    Field String,
    TargetKind LowCardinality(String),
    TargetName String,
    TargetKey String,
    Service LowCardinality(String),
    Workload LowCardinality(String),
    Node LowCardinality(String),
    Reason LowCardinality(String),
    Since DateTime64(3, 'UTC'),
    EndedAt Nullable(DateTime64(3, 'UTC')),
    ObservedAt DateTime64(3, 'UTC'),
    Affected UInt32,
    Total UInt32,
    ChangeId String,
    ChangedBy String,
    Summary String,
    Body String CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree(ObservedAt)
ORDER BY (Tenant, Environment, Cluster, Since, Id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
