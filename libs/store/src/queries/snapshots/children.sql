-- {"tenant":"acme","environments":["prod"],"fromSecond":0,"toSecond":81,"sliceWindows":[0,10,20,30,40,50,60,70,80],"windowSlices":[0,0,0,0,0,0,1,1,1]}
SELECT
    service, operation, childService, childOperation,
    arraySort(part -> part.1, groupArray((slice, spans, calls, errors))) AS slices
FROM
(
    SELECT
        slice,
        Service AS service,
        Operation AS operation,
        ChildService AS childService,
        ChildOperation AS childOperation,
        sum(Spans) AS spans,
        sum(Calls) AS calls,
        sum(Errors) AS errors
    FROM
    (
        SELECT transform(toUnixTimestamp(WindowStart), {sliceWindows:Array(UInt32)}, {windowSlices:Array(Int32)}, toInt32(-1)) AS slice, Service, Operation, ChildService, ChildOperation, Spans, Calls, Errors
        FROM child_windows
        PREWHERE Tenant = {tenant:String} AND Environment IN {environments:Array(String)} AND WindowStart >= toDateTime({fromSecond:UInt32}, 'UTC') AND WindowStart < toDateTime({toSecond:UInt32}, 'UTC') AND slice >= 0
    )
    GROUP BY slice, service, operation, childService, childOperation
)
GROUP BY service, operation, childService, childOperation
ORDER BY sum(calls) DESC, service, operation, childService, childOperation
LIMIT 10000
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
