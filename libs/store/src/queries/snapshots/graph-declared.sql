-- {"tenant":"acme","environments":["prod"]}
SELECT
    Caller AS from,
    Callee AS to,
    'declared' AS source,
    0 AS calls,
    0 AS errors,
    [] AS duration,
    toUnixTimestamp64Milli(max(DeclaredAt)) AS lastSeenMs
FROM declared_edges
WHERE Tenant = {tenant:String} AND Environment IN arrayConcat({environments:Array(String)}, [''])
GROUP BY from, to
ORDER BY from, to
LIMIT 20000
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
