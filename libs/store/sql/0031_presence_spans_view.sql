-- Reads the already summed windows, so that it costs next to nothing for each span.
CREATE MATERIALIZED VIEW IF NOT EXISTS presence_spans_view TO presence AS
SELECT
    Tenant,
    Environment,
    toDate(WindowStart) AS Day,
    Service,
    Instance,
    max(operation_windows.Node) AS Node,
    max(operation_windows.Zone) AS Zone,
    max(LastSeen) AS LastSpan
FROM operation_windows
WHERE Calls > 0
GROUP BY Tenant, Environment, Day, Service, Instance
