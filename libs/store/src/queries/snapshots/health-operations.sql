-- {"tenant":"acme","environments":["prod"],"fromSecond":0,"toSecond":3600,"service":"cart"}
SELECT
    Operation AS operation,
    Kind AS kind,
    sum(Calls) AS calls,
    sum(Errors) AS errors,
    CAST(sumMap(Duration), 'Array(Tuple(Int16, UInt64))') AS duration
FROM operation_windows
WHERE Tenant = {tenant:String} AND Environment IN {environments:Array(String)} AND WindowStart >= toDateTime({fromSecond:UInt32}, 'UTC') AND WindowStart < toDateTime({toSecond:UInt32}, 'UTC') AND Service = {service:String} 
GROUP BY operation, kind
HAVING calls > 0
ORDER BY calls DESC, operation, kind
LIMIT 1000
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
