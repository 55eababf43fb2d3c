-- {"tenant":"acme","environments":["prod"],"fromSecond":0,"toSecond":3600}
SELECT
    Caller AS from,
    Callee AS to,
    Source AS source,
    sum(Calls) AS calls,
    sum(Errors) AS errors,
    CAST(sumMap(Duration), 'Array(Tuple(Int16, UInt64))') AS duration,
    toUnixTimestamp64Milli(max(LastSeen)) AS lastSeenMs
FROM edge_windows
WHERE Tenant = {tenant:String} AND Environment IN {environments:Array(String)} AND WindowStart >= toDateTime({fromSecond:UInt32}, 'UTC') AND WindowStart < toDateTime({toSecond:UInt32}, 'UTC')
GROUP BY from, to, source
ORDER BY calls DESC, from, to, source
LIMIT 20000
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
