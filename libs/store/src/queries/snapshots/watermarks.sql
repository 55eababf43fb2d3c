-- {"tenant":"acme","environments":["prod"],"fromSecond":0,"toSecond":30}
SELECT
    toUnixTimestamp64Milli(max(LastSpan)) AS lastSpanMs,
    toUnixTimestamp64Milli(max(LastMetric)) AS lastMetricMs,
    toUnixTimestamp64Milli(max(LastLog)) AS lastLogMs
FROM presence
WHERE Tenant = {tenant:String} AND Environment IN {environments:Array(String)} AND Day >= toDate(toDateTime({fromSecond:UInt32}, 'UTC'), 'UTC')
LIMIT 1
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
