-- {"tenant":"acme","environments":["prod"],"metrics":"cpu|mem","nearFromSecond":30,"nearToSecond":90}
SELECT *
FROM
(
    SELECT Service AS service, Metric AS metric, toString(Series) AS series, any(Instance) AS instance, any(Node) AS node,
        any(Unit) AS unit, any(AttributeText) AS attributes
    FROM metric_windows
    PREWHERE Tenant = {tenant:String} AND Environment IN {environments:Array(String)} AND WindowStart >= toDateTime({nearFromSecond:UInt32}, 'UTC') AND WindowStart < toDateTime({nearToSecond:UInt32}, 'UTC') AND match(lower(Metric), {metrics:String})
    GROUP BY Service, Metric, Series
    ORDER BY row_number() OVER (PARTITION BY Service ORDER BY sum(Points) DESC, Metric, Series), Service
    LIMIT 1500
)
ORDER BY service, metric, series
LIMIT 1500
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
