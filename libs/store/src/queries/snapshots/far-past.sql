-- {"tenant":"acme","environments":["prod"],"metrics":"cpu|mem","chosenMetrics":["cpu"],"nearFromSecond":30,"nearToSecond":90,"fromSecond":0,"toSecond":30}
WITH (SELECT greatest(1, intDiv(80000, count() + 1)) FROM metric_periods WHERE Tenant = {tenant:String} AND Environment IN {environments:Array(String)} AND WindowStart >= toDateTime({fromSecond:UInt32}, 'UTC') AND WindowStart < toDateTime({toSecond:UInt32}, 'UTC') AND Part = 0) AS parts
SELECT
    toString(Series) AS series,
    count() AS count,
    min(mean) AS min,
    max(mean) AS max,
    quantilesExact(0.01, 0.25, 0.5, 0.75, 0.99)(mean) AS quantiles
FROM
(
    SELECT
        Series,
        any(Shape) AS shape,
        argMinIf(First.2, bitOr(bitShiftLeft(toUInt128(toUnixTimestamp64Milli(First.1)), 64), toUInt128(bitXor(reinterpretAsUInt64(First.2), if(reinterpretAsUInt64(First.2) >= 9223372036854775808, 18446744073709551615, 9223372036854775808)))), Shape IN ('counter', 'distribution')) AS firstValue,
        argMinIf(First.3, bitOr(bitShiftLeft(toUInt128(toUnixTimestamp64Milli(First.1)), 64), toUInt128(bitXor(reinterpretAsUInt64(First.2), if(reinterpretAsUInt64(First.2) >= 9223372036854775808, 18446744073709551615, 9223372036854775808)))), Shape IN ('counter', 'distribution')) AS firstWeight,
        argMaxIf(Last.2, bitOr(bitShiftLeft(toUInt128(toUnixTimestamp64Milli(Last.1)), 64), toUInt128(bitXor(reinterpretAsUInt64(Last.2), if(reinterpretAsUInt64(Last.2) >= 9223372036854775808, 18446744073709551615, 9223372036854775808)))), Shape IN ('counter', 'distribution')) AS lastValue,
        argMaxIf(Last.3, bitOr(bitShiftLeft(toUInt128(toUnixTimestamp64Milli(Last.1)), 64), toUInt128(bitXor(reinterpretAsUInt64(Last.2), if(reinterpretAsUInt64(Last.2) >= 9223372036854775808, 18446744073709551615, 9223372036854775808)))), Shape IN ('counter', 'distribution')) AS lastWeight,
        (toUnixTimestamp64Milli(max(Last.1)) - toUnixTimestamp64Milli(min(First.1))) / 1000 AS seconds,
        multiIf(
            shape = 'counter', if(lastValue < firstValue, nan, (lastValue - firstValue) / seconds),
            shape = 'delta', sum(Sum) / 300,
            shape = 'distribution', if(lastWeight < firstWeight, nan, (lastValue - firstValue) / (lastWeight - firstWeight)),
            sum(Sum) / sum(Weight)) AS mean
    FROM metric_periods
    PREWHERE Tenant = {tenant:String} AND Environment IN {environments:Array(String)} AND WindowStart >= toDateTime({fromSecond:UInt32}, 'UTC') AND WindowStart < toDateTime({toSecond:UInt32}, 'UTC') AND Part < parts AND Metric IN {chosenMetrics:Array(String)}
    GROUP BY Series, WindowStart
)
WHERE isFinite(mean)
GROUP BY Series
LIMIT 1500
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
