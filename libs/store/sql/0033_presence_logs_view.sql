CREATE MATERIALIZED VIEW IF NOT EXISTS presence_logs_view TO presence AS
SELECT
    Tenant,
    Environment,
    toDate(Timestamp, 'UTC') AS Day,
    ServiceName AS Service,
    Instance,
    max(otel_logs.Node) AS Node,
    max(otel_logs.Zone) AS Zone,
    max(toDateTime64(Timestamp, 3, 'UTC')) AS LastLog
FROM otel_logs
GROUP BY Tenant, Environment, Day, Service, Instance
