-- {"tenant":"acme","environment":"prod","fromSecond":0,"toSecond":90,"slicesFrom":[0,60000],"slicesTo":[60000,90000]}
SELECT * EXCEPT (weight)
FROM
(
    SELECT
        arrayFirstIndex((sliceFrom, sliceTo) -> toUnixTimestamp(WindowStart) * 1000 >= sliceFrom AND toUnixTimestamp(WindowStart) * 1000 < sliceTo, {slicesFrom:Array(Int64)}, {slicesTo:Array(Int64)}) - 1 AS slice,
        Caller AS caller,
        Callee AS callee,
        CallerInstance AS callerInstance,
        CalleeInstance AS calleeInstance,
        Operation AS operation,
        Source AS source,
        sum(Calls) AS calls,
        sum(Errors) AS errors,
        CAST(sumMap(Duration), 'Array(Tuple(Int16, UInt64))') AS duration,
        CAST(sumMap(Gap), 'Array(Tuple(Int16, UInt64))') AS gap,
        toUnixTimestamp64Milli(max(LastSeen)) AS lastSeenMs,
        sum(calls) OVER (PARTITION BY caller, callee, callerInstance, calleeInstance, operation, source) AS weight
    FROM edge_windows
    WHERE Tenant = {tenant:String} AND Environment = {environment:String} AND WindowStart >= toDateTime({fromSecond:UInt32}, 'UTC') AND WindowStart < toDateTime({toSecond:UInt32}, 'UTC') AND slice >= 0
    GROUP BY slice, caller, callee, callerInstance, calleeInstance, operation, source
)
ORDER BY weight DESC, caller, callee, callerInstance, calleeInstance, operation, source, slice
LIMIT 20000
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
