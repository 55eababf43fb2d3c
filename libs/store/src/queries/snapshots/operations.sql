-- {"tenant":"acme","environments":["prod"],"fromSecond":0,"toSecond":81,"sliceWindows":[0,10,20,30,40,50,60,70,80],"windowSlices":[0,0,0,0,0,0,1,1,1]}
SELECT
    service, instance, operation, kind, version,
    arraySort(part -> part.1, groupArray((slice, calls, errors, ownErrors, duration, settledCalls, self))) AS slices
FROM
(
    SELECT
        slice,
        Service AS service,
        Instance AS instance,
        Operation AS operation,
        Kind AS kind,
        Version AS version,
        sum(Calls) AS calls,
        sum(Errors) AS errors,
        sum(OwnErrors) AS ownErrors,
        CAST(sumMapIf(Duration, Kind NOT IN ('client', 'producer')), 'Array(Tuple(Int16, UInt64))') AS duration,
        sum(SettledCalls) AS settledCalls,
        CAST(sumMapIf(Self, Kind NOT IN ('client', 'producer')), 'Array(Tuple(Int16, UInt64))') AS self
    FROM
    (
        SELECT transform(toUnixTimestamp(WindowStart), {sliceWindows:Array(UInt32)}, {windowSlices:Array(Int32)}, toInt32(-1)) AS slice, Service, Instance, Operation, Kind, Version, Calls, Errors, OwnErrors, Duration, SettledCalls, Self
        FROM operation_windows
        PREWHERE Tenant = {tenant:String} AND Environment IN {environments:Array(String)} AND WindowStart >= toDateTime({fromSecond:UInt32}, 'UTC') AND WindowStart < toDateTime({toSecond:UInt32}, 'UTC') AND slice >= 0
    )
    GROUP BY slice, service, instance, operation, kind, version
)
GROUP BY service, instance, operation, kind, version
ORDER BY sum(calls) DESC, service, instance, operation, kind, version
LIMIT 10000
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
