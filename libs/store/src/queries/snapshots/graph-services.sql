-- {"tenant":"acme","environments":["prod"],"fromSecond":0,"toSecond":3600}
SELECT
    Service AS service,
    sum(Calls) AS calls,
    sum(Errors) AS errors,
    CAST(sumMap(Duration), 'Array(Tuple(Int16, UInt64))') AS duration,
    toUnixTimestamp64Milli(max(LastSeen)) AS lastSeenMs
FROM operation_windows
WHERE Tenant = {tenant:String} AND Environment IN {environments:Array(String)} AND WindowStart >= toDateTime({fromSecond:UInt32}, 'UTC') AND WindowStart < toDateTime({toSecond:UInt32}, 'UTC') AND Kind IN ('server', 'consumer')
GROUP BY service
ORDER BY calls DESC, service
LIMIT 5000
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
