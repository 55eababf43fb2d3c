-- {"tenant":"acme","environment":"prod","fromSecond":0,"toSecond":90,"slicesFrom":[0,60000],"slicesTo":[60000,90000]}
SELECT * EXCEPT (weight, severe)
FROM
(
    SELECT
        arrayFirstIndex((sliceFrom, sliceTo) -> toUnixTimestamp(WindowStart) * 1000 >= sliceFrom AND toUnixTimestamp(WindowStart) * 1000 < sliceTo, {slicesFrom:Array(Int64)}, {slicesTo:Array(Int64)}) - 1 AS slice,
        Service AS service,
        Instance AS instance,
        Operation AS operation,
        Template AS template,
        max(Text) AS text,
        max(SeverityNumber) AS severityNumber,
        sum(Lines) AS lines,
        sum(Spans) AS spans,
        sum(lines) OVER (PARTITION BY service, instance, operation, template) AS weight,
        max(severityNumber) OVER (PARTITION BY service, instance, operation, template) >= 17 AS severe
    FROM template_windows
    WHERE Tenant = {tenant:String} AND Environment = {environment:String} AND WindowStart >= toDateTime({fromSecond:UInt32}, 'UTC') AND WindowStart < toDateTime({toSecond:UInt32}, 'UTC') AND slice >= 0
    GROUP BY slice, service, instance, operation, template
)
ORDER BY severe DESC, weight DESC, service, instance, operation, template, slice
LIMIT 20000
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
