-- {"tenant":"acme","environments":["prod"],"fromSecond":0,"toSecond":90}
SELECT uniq(Caller, Callee, Source, CalleeInstance) AS keys
FROM edge_windows
WHERE Tenant = {tenant:String} AND Environment IN {environments:Array(String)} AND WindowStart >= toDateTime({fromSecond:UInt32}, 'UTC') AND WindowStart < toDateTime({toSecond:UInt32}, 'UTC')
LIMIT 1
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
