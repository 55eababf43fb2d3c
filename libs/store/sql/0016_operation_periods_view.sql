-- Sums what an insert adds to the windows, whether a view or the recorder adds it.
CREATE MATERIALIZED VIEW IF NOT EXISTS operation_periods_view TO operation_periods AS
SELECT
    Tenant,
    Environment,
    toStartOfInterval(operation_windows.WindowStart, INTERVAL 300 SECOND) AS WindowStart,
    Service,
    Operation,
    Kind,
    Instance,
    Version,
    sum(operation_windows.Calls) AS Calls,
    sum(operation_windows.Errors) AS Errors,
    sumMap(operation_windows.Duration) AS Duration,
    sum(operation_windows.SettledCalls) AS SettledCalls,
    sum(operation_windows.OwnErrors) AS OwnErrors,
    sumMap(operation_windows.Self) AS Self
FROM operation_windows
GROUP BY Tenant, Environment, WindowStart, Service, Operation, Kind, Instance, Version
