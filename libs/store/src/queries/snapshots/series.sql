-- {"tenant":"acme","environment":"prod","fromSecond":0,"toSecond":90,"nearFromSecond":30,"nearToSecond":90,"nearFromMs":30000,"nearToMs":90000,"historyFromMs":0,"historyToMs":30000,"stepMs":10000}
WITH
chosen AS
(
    SELECT Series
    FROM metric_windows
    WHERE Tenant = {tenant:String} AND Environment = {environment:String} AND WindowStart >= toDateTime({nearFromSecond:UInt32}, 'UTC') AND WindowStart < toDateTime({nearToSecond:UInt32}, 'UTC')
    GROUP BY Service, Metric, Series
    ORDER BY sum(Points) DESC, Service, Metric, Series
    LIMIT 500 BY Service
    LIMIT 5000
),
steps AS
(
    SELECT
        Service AS service,
        Metric AS metric,
        Series,
        {nearFromMs:Int64} + toInt64(floor((toUnixTimestamp(WindowStart) * 1000 - {nearFromMs:Int64}) / {stepMs:Int64})) * {stepMs:Int64} AS atMs,
        max(Instance) AS instance,
        max(Node) AS node,
        max(Unit) AS unit,
        max(AttributeText) AS attributes,
        max(Shape) AS shape,
        sum(Points) AS points,
        sum(Sum) AS total,
        sum(Weight) AS weight,
        max(Max) AS greatest,
        min(First) AS first,
        max(Last) AS last
    FROM metric_windows
    WHERE Tenant = {tenant:String} AND Environment = {environment:String} AND WindowStart >= toDateTime({fromSecond:UInt32}, 'UTC') AND WindowStart < toDateTime({toSecond:UInt32}, 'UTC') AND Series IN (chosen)
    GROUP BY service, metric, Series, atMs
),
since AS
(
    SELECT
        *,
        lagInFrame(last) OVER (PARTITION BY service, metric, Series ORDER BY atMs ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS previous,
        toUnixTimestamp64Milli(previous.1) > 0 AS hasPrevious,
        if(hasPrevious, previous, first) AS base,
        if(last.2 < base.2, last.2, last.2 - base.2) AS growth,
        if(last.3 < base.3, last.3, last.3 - base.3) AS weightGrowth,
        (toUnixTimestamp64Milli(last.1) - toUnixTimestamp64Milli(base.1)) / 1000 AS seconds
    FROM steps
),
read AS
(
    SELECT
        *,
        multiIf(
            shape = 'counter', growth / seconds,
            shape = 'delta', total / if(hasPrevious, seconds, {stepMs:Int64} / 1000),
            shape = 'distribution', growth / weightGrowth,
            total / weight) AS mean,
        if(shape = 'gauge', greatest, mean) AS max,
        multiIf(shape = 'distribution', weightGrowth, shape = 'distribution-delta', weight, toFloat64(points)) AS count
    FROM since
)
SELECT
    service,
    any(instance) AS instance,
    any(node) AS node,
    metric,
    any(unit) AS unit,
    any(attributes) AS attributes,
    arraySort(groupArrayIf((atMs, mean, max, count), atMs >= {nearFromMs:Int64} AND atMs < {nearToMs:Int64})) AS points,
    countIf(inHistory) AS historyCount,
    minIf(mean, inHistory) AS historyMin,
    maxIf(mean, inHistory) AS historyMax,
    quantilesExactIf(0.01, 0.25, 0.5, 0.75, 0.99)(mean, inHistory) AS quantiles
FROM (SELECT *, atMs >= {historyFromMs:Int64} AND atMs < {historyToMs:Int64} AS inHistory FROM read WHERE isFinite(mean))
GROUP BY service, metric, Series
HAVING length(points) > 0
ORDER BY service, metric, Series
LIMIT 5000
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
