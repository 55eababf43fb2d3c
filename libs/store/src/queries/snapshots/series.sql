-- {"tenant":"acme","environments":["prod"],"metrics":"cpu|mem","chosenMetrics":["cpu"],"nearFromSecond":30,"nearToSecond":90,"fromSecond":0,"toSecond":90,"nearFromMs":30000,"nearToMs":90000,"stepMs":10000}
WITH
steps AS
(
    SELECT
        Series,
        {nearFromMs:Int64} + toInt64(floor((toUnixTimestamp(WindowStart) * 1000 - {nearFromMs:Int64}) / {stepMs:Int64})) * {stepMs:Int64} AS atMs,
        any(Shape) AS shape,
        sum(Points) AS points,
        sum(Sum) AS total,
        sum(Weight) AS weight,
        max(Max) AS greatest,
        toUnixTimestamp64Milli(min(First.1)) AS firstMs,
        toUnixTimestamp64Milli(max(Last.1)) AS lastMs,
        argMinIf(First.2, bitOr(bitShiftLeft(toUInt128(toUnixTimestamp64Milli(First.1)), 64), toUInt128(bitXor(reinterpretAsUInt64(First.2), if(reinterpretAsUInt64(First.2) >= 9223372036854775808, 18446744073709551615, 9223372036854775808)))), Shape IN ('counter', 'distribution')) AS firstValue,
        argMinIf(First.3, bitOr(bitShiftLeft(toUInt128(toUnixTimestamp64Milli(First.1)), 64), toUInt128(bitXor(reinterpretAsUInt64(First.2), if(reinterpretAsUInt64(First.2) >= 9223372036854775808, 18446744073709551615, 9223372036854775808)))), Shape IN ('counter', 'distribution')) AS firstWeight,
        argMaxIf(Last.2, bitOr(bitShiftLeft(toUInt128(toUnixTimestamp64Milli(Last.1)), 64), toUInt128(bitXor(reinterpretAsUInt64(Last.2), if(reinterpretAsUInt64(Last.2) >= 9223372036854775808, 18446744073709551615, 9223372036854775808)))), Shape IN ('counter', 'distribution')) AS lastValue,
        argMaxIf(Last.3, bitOr(bitShiftLeft(toUInt128(toUnixTimestamp64Milli(Last.1)), 64), toUInt128(bitXor(reinterpretAsUInt64(Last.2), if(reinterpretAsUInt64(Last.2) >= 9223372036854775808, 18446744073709551615, 9223372036854775808)))), Shape IN ('counter', 'distribution')) AS lastWeight
    FROM metric_windows
    PREWHERE Tenant = {tenant:String} AND Environment IN {environments:Array(String)} AND WindowStart >= toDateTime({fromSecond:UInt32}, 'UTC') AND WindowStart < toDateTime({toSecond:UInt32}, 'UTC') AND Metric IN {chosenMetrics:Array(String)}
    GROUP BY Series, atMs
),
since AS
(
    SELECT
        *,
        lagInFrame(lastMs) OVER before AS previousMs,
        previousMs > 0 AS hasPrevious,
        if(hasPrevious, lagInFrame(lastValue) OVER before, firstValue) AS baseValue,
        if(hasPrevious, lagInFrame(lastWeight) OVER before, firstWeight) AS baseWeight,
        if(lastValue < baseValue, lastValue, lastValue - baseValue) AS growth,
        if(lastWeight < baseWeight, lastWeight, lastWeight - baseWeight) AS weightGrowth,
        (lastMs - if(hasPrevious, previousMs, firstMs)) / 1000 AS seconds
    FROM steps
    WINDOW before AS (PARTITION BY Series ORDER BY atMs ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
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
    toString(Series) AS series,
    arraySort(groupArray((atMs, mean, max, count))) AS points
FROM read
WHERE isFinite(mean) AND atMs >= {nearFromMs:Int64} AND atMs < {nearToMs:Int64}
GROUP BY Series
LIMIT 1500
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
