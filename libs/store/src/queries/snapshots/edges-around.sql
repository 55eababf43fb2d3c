-- {"tenant":"acme","environments":["prod"],"fromSecond":0,"toSecond":0,"sliceWindows":[],"windowSlices":[],"periodFromSecond":0,"periodToSecond":601,"slicePeriods":[0,300,600],"periodSlices":[0,0,0],"near":["cart"],"services":["cart","db"],"callees":["cart","db","silent"]}
SELECT
    caller, callee, calleeInstance, source,
    arraySort(part -> part.1, groupArray((slice, calls, errors, duration, gap, lastSeenMs))) AS slices
FROM
(
    SELECT
        slice,
        Caller AS caller,
        Callee AS callee,
        if(Callee IN {near:Array(String)}, CalleeInstance, '') AS calleeInstance,
        Source AS source,
        sum(Calls) AS calls,
        sum(Errors) AS errors,
        CAST(sumMap(Duration), 'Array(Tuple(Int16, UInt64))') AS duration,
        CAST(sumMap(Gap), 'Array(Tuple(Int16, UInt64))') AS gap,
        toUnixTimestamp64Milli(max(LastSeen)) AS lastSeenMs
    FROM
    (
        SELECT transform(toUnixTimestamp(WindowStart), {sliceWindows:Array(UInt32)}, {windowSlices:Array(Int32)}, toInt32(-1)) AS slice, Caller, Callee, Source, CalleeInstance, Calls, Errors, Duration, Gap, LastSeen
        FROM edge_windows
        PREWHERE Tenant = {tenant:String} AND Environment IN {environments:Array(String)} AND WindowStart >= toDateTime({fromSecond:UInt32}, 'UTC') AND WindowStart < toDateTime({toSecond:UInt32}, 'UTC') AND ((Caller IN {services:Array(String)} AND Callee IN {callees:Array(String)}) OR Callee IN {near:Array(String)}) AND slice >= 0
        UNION ALL
        SELECT transform(toUnixTimestamp(WindowStart), {slicePeriods:Array(UInt32)}, {periodSlices:Array(Int32)}, toInt32(-1)) AS slice, Caller, Callee, Source, '' AS CalleeInstance, Calls, Errors, Duration, Gap, LastSeen
        FROM edge_periods
        PREWHERE Tenant = {tenant:String} AND Environment IN {environments:Array(String)} AND WindowStart >= toDateTime({periodFromSecond:UInt32}, 'UTC') AND WindowStart < toDateTime({periodToSecond:UInt32}, 'UTC') AND ((Caller IN {services:Array(String)} AND Callee IN {callees:Array(String)}) OR Callee IN {near:Array(String)}) AND slice >= 0
    )
    GROUP BY slice, caller, callee, calleeInstance, source
)
GROUP BY caller, callee, calleeInstance, source
ORDER BY sum(calls) DESC, caller, callee, calleeInstance, source
LIMIT 20000
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
