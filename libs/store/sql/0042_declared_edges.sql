-- Edges of the call graph that telemetry does not show, as last declared.
CREATE TABLE IF NOT EXISTS declared_edges
(
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    Source LowCardinality(String),
    Caller LowCardinality(String),
    Callee LowCardinality(String),
    DeclaredAt DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(DeclaredAt)
ORDER BY (Tenant, Environment, Source, Caller, Callee)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
