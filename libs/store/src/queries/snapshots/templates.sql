-- {"tenant":"acme","environments":["prod"],"fromSecond":0,"toSecond":81,"sliceWindows":[0,10,20,30,40,50,60,70,80],"windowSlices":[0,0,0,0,0,0,1,1,1]}
SELECT
    service, instance, operation, template,
    max(text) AS text,
    arraySort(part -> part.1, groupArray((slice, severityNumber, lines, spans))) AS slices
FROM
(
    SELECT
        slice,
        Service AS service,
        Instance AS instance,
        Operation AS operation,
        Template AS template,
        max(Text) AS text,
        max(SeverityNumber) AS severityNumber,
        sum(Lines) AS lines,
        sum(Spans) AS spans
    FROM
    (
        SELECT transform(toUnixTimestamp(WindowStart), {sliceWindows:Array(UInt32)}, {windowSlices:Array(Int32)}, toInt32(-1)) AS slice, Service, Instance, Operation, Template, Text, SeverityNumber, Lines, Spans
        FROM template_windows
        PREWHERE Tenant = {tenant:String} AND Environment IN {environments:Array(String)} AND WindowStart >= toDateTime({fromSecond:UInt32}, 'UTC') AND WindowStart < toDateTime({toSecond:UInt32}, 'UTC') AND slice >= 0
    )
    GROUP BY slice, service, instance, operation, template
)
GROUP BY service, instance, operation, template
ORDER BY max(severityNumber) >= 17 DESC, sum(lines) DESC, service, instance, operation, template
LIMIT 10000
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
