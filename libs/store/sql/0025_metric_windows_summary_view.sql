CREATE MATERIALIZED VIEW IF NOT EXISTS metric_windows_summary_view TO metric_windows AS
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
    'distribution' AS Shape,
    count() AS Points,
    sum(source.Sum) AS Sum,
    sum(toFloat64(source.Count)) AS Weight,
    min(if(source.Count = 0, 0, source.Sum / source.Count)) AS Min,
    max(if(source.Count = 0, 0, source.Sum / source.Count)) AS Max,
    min((toDateTime64(TimeUnix, 3, 'UTC'), source.Sum, toFloat64(source.Count))) AS First,
    max((toDateTime64(TimeUnix, 3, 'UTC'), source.Sum, toFloat64(source.Count))) AS Last
FROM otel_metrics_summary AS source
GROUP BY Tenant, Environment, WindowStart, Service, Metric, Series, Instance, Node, Zone, Unit, AttributeText, Shape
