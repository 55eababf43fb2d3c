-- The bucket must be exactly bucketOf() of libs/model/src/histogram.ts: a test compares the two.
CREATE MATERIALIZED VIEW IF NOT EXISTS operation_windows_view TO operation_windows AS
SELECT
    Tenant,
    Environment,
    toStartOfInterval(toDateTime(Timestamp, 'UTC'), INTERVAL 10 SECOND) AS WindowStart,
    ServiceName AS Service,
    Operation,
    lower(SpanKind) AS Kind,
    Instance,
    Version,
    max(otel_traces.Node) AS Node,
    max(otel_traces.Zone) AS Zone,
    count() AS Calls,
    countIf(StatusCode = 'Error') AS Errors,
    sumMap(map(toInt16(if(otel_traces.Duration < 1000, 0, floor(log2(otel_traces.Duration / 1000) * 8))), toUInt64(1))) AS Duration,
    max(toDateTime64(Timestamp, 3, 'UTC')) AS LastSeen
FROM otel_traces
GROUP BY Tenant, Environment, WindowStart, Service, Operation, Kind, Instance, Version
