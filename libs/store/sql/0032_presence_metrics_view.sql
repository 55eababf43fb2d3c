CREATE MATERIALIZED VIEW IF NOT EXISTS presence_metrics_view TO presence AS
SELECT
    Tenant,
    Environment,
    toDate(WindowStart) AS Day,
    Service,
    Instance,
    max(metric_windows.Node) AS Node,
    max(metric_windows.Zone) AS Zone,
    max(Last.1) AS LastMetric
FROM metric_windows
GROUP BY Tenant, Environment, Day, Service, Instance
