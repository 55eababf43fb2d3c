-- {"tenant":"acme","environment":"prod","fromSecond":0,"toSecond":90,"slicesFrom":[0,60000],"slicesTo":[60000,90000]}
SELECT * EXCEPT (weight)
FROM
(
    SELECT
        arrayFirstIndex((sliceFrom, sliceTo) -> toUnixTimestamp(WindowStart) * 1000 >= sliceFrom AND toUnixTimestamp(WindowStart) * 1000 < sliceTo, {slicesFrom:Array(Int64)}, {slicesTo:Array(Int64)}) - 1 AS slice,
        Service AS service,
        Instance AS instance,
        Operation AS operation,
        Kind AS kind,
        Version AS version,
        sum(Calls) AS calls,
        sum(Errors) AS errors,
        sum(OwnErrors) AS ownErrors,
        CAST(sumMap(Duration), 'Array(Tuple(Int16, UInt64))') AS duration,
        sum(SettledCalls) AS settledCalls,
        CAST(sumMap(Self), 'Array(Tuple(Int16, UInt64))') AS self,
        sum(calls) OVER (PARTITION BY service, instance, operation, kind, version) AS weight
    FROM operation_windows
    WHERE Tenant = {tenant:String} AND Environment = {environment:String} AND WindowStart >= toDateTime({fromSecond:UInt32}, 'UTC') AND WindowStart < toDateTime({toSecond:UInt32}, 'UTC') AND slice >= 0
    GROUP BY slice, service, instance, operation, kind, version
)
ORDER BY weight DESC, service, instance, operation, kind, version, slice
LIMIT 20000
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
