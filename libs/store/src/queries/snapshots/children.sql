-- {"tenant":"acme","environment":"prod","fromSecond":0,"toSecond":90,"slicesFrom":[0,60000],"slicesTo":[60000,90000]}
SELECT * EXCEPT (weight)
FROM
(
    SELECT
        arrayFirstIndex((sliceFrom, sliceTo) -> toUnixTimestamp(WindowStart) * 1000 >= sliceFrom AND toUnixTimestamp(WindowStart) * 1000 < sliceTo, {slicesFrom:Array(Int64)}, {slicesTo:Array(Int64)}) - 1 AS slice,
        Service AS service,
        Operation AS operation,
        ChildService AS childService,
        ChildOperation AS childOperation,
        sum(Spans) AS spans,
        sum(Calls) AS calls,
        sum(Errors) AS errors,
        sum(calls) OVER (PARTITION BY service, operation, childService, childOperation) AS weight
    FROM child_windows
    WHERE Tenant = {tenant:String} AND Environment = {environment:String} AND WindowStart >= toDateTime({fromSecond:UInt32}, 'UTC') AND WindowStart < toDateTime({toSecond:UInt32}, 'UTC') AND slice >= 0
    GROUP BY slice, service, operation, childService, childOperation
)
ORDER BY weight DESC, service, operation, childService, childOperation, slice
LIMIT 20000
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
