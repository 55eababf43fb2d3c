-- {"tenant":"acme","environments":["prod"],"fromSecond":0,"toSecond":90,"sinceSecond":0}
SELECT
    Service AS service,
    sumIf(Errors, isSince) AS errors,
    sumIf(Calls, isSince) AS calls,
    sumIf(Errors, NOT isSince) / greatest(1, sumIf(Calls, NOT isSince)) AS ratioBefore,
    errors - calls * ratioBefore AS excess
FROM (SELECT Service, Calls, Errors, WindowStart >= toDateTime({sinceSecond:UInt32}, 'UTC') AS isSince FROM operation_periods WHERE Tenant = {tenant:String} AND Environment IN {environments:Array(String)} AND WindowStart >= toDateTime({fromSecond:UInt32}, 'UTC') AND WindowStart < toDateTime({toSecond:UInt32}, 'UTC'))
GROUP BY service
HAVING excess > 1
ORDER BY excess DESC, service
LIMIT 100
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
