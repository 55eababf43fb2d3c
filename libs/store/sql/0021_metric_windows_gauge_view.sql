CREATE MATERIALIZED VIEW IF NOT EXISTS metric_windows_gauge_view TO metric_windows AS
SELECT
    Tenant,
    Environment,
    toStartOfInterval(toDateTime(TimeUnix, 'UTC'), INTERVAL 10 SECOND) AS WindowStart,
    ServiceName AS Service,
    MetricName AS Metric,
    cityHash64(Service, Instance, Node, Metric, Unit, Shape, AttributeText, toString(mapSort(ResourceAttributes))) AS Series,
    Instance,
    Node,
    Zone,
    MetricUnit AS Unit,
    arrayStringConcat(arrayMap(pair -> concat(pair.1, '=', pair.2), mapSort(source.Attributes)::Array(Tuple(String, String))), ',') AS AttributeText,
    'gauge' AS Shape,
    count() AS Points,
    sum(source.Value) AS Sum,
    sum(1.0) AS Weight,
    min(source.Value) AS Min,
    max(source.Value) AS Max,
    min((toDateTime64(TimeUnix, 3, 'UTC'), source.Value, 1.0)) AS First,
    max((toDateTime64(TimeUnix, 3, 'UTC'), source.Value, 1.0)) AS Last
FROM otel_metrics_gauge AS source
GROUP BY Tenant, Environment, WindowStart, Service, Metric, Series, Instance, Node, Zone, Unit, AttributeText, Shape
