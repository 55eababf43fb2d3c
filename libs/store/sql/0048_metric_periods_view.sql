CREATE MATERIALIZED VIEW IF NOT EXISTS metric_periods_view TO metric_periods AS
SELECT
    Tenant,
    Environment,
    Service,
    toUInt8(intDiv(toUnixTimestamp(WindowStart), 300) % 29) AS Part,
    toStartOfInterval(metric_windows.WindowStart, INTERVAL 300 SECOND) AS WindowStart,
    Metric,
    Series,
    max(metric_windows.Node) AS Node,
    max(metric_windows.Shape) AS Shape,
    sum(metric_windows.Sum) AS Sum,
    sum(metric_windows.Weight) AS Weight,
    min(metric_windows.First) AS First,
    max(metric_windows.Last) AS Last
FROM metric_windows
GROUP BY Tenant, Environment, Service, Part, WindowStart, Metric, Series
