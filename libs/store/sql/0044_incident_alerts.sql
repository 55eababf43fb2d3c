-- The members of every incident, also those that left it, each as it was last, for ever. An alert whose start was put right has a row of each start.
CREATE TABLE IF NOT EXISTS incident_alerts
(
    Tenant LowCardinality(String),
    Environment LowCardinality(String),
    IncidentId String,
    Revision UInt32,
    Source LowCardinality(String),
    Fingerprint String,
    StartsAt DateTime64(3, 'UTC'),
    Name LowCardinality(String),
    Status LowCardinality(String),
    Severity LowCardinality(String),
    EndsAt Nullable(DateTime64(3, 'UTC')),
    Labels Map(LowCardinality(String), String),
    Entities Map(LowCardinality(String), String),
    Entity String,
    Reason String,
    Url String,
    -- `present`, or `left`: it went to another incident.
    Membership LowCardinality(String)
)
ENGINE = ReplacingMergeTree(Revision)
ORDER BY (Tenant, Environment, IncidentId, StartsAt, Source, Fingerprint)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
