CREATE MATERIALIZED VIEW IF NOT EXISTS edge_periods_view TO edge_periods AS
SELECT
    Tenant,
    Environment,
    toStartOfInterval(edge_windows.WindowStart, INTERVAL 300 SECOND) AS WindowStart,
    Caller,
    Callee,
    Source,
    sum(edge_windows.Calls) AS Calls,
    sum(edge_windows.Errors) AS Errors,
    sumMap(edge_windows.Duration) AS Duration,
    sumMap(edge_windows.Gap) AS Gap,
    max(edge_windows.LastSeen) AS LastSeen
FROM edge_windows
GROUP BY Tenant, Environment, WindowStart, Caller, Callee, Source
