-- {"tenant":"acme","cluster":"east","namespace":"shop","endedFromMs":1,"endedToMs":2,"workloads":["cart"]}
SELECT Body AS body
FROM
(
    SELECT *
    FROM workload_findings
    WHERE Tenant = {tenant:String} AND Cluster = {cluster:String} AND ObjectNamespace = {namespace:String}
        AND Workload IN {workloads:Array(String)}
    ORDER BY Id, Since, ObservedAt DESC
    LIMIT 1 BY Id, Since
)
WHERE EndedAt >= fromUnixTimestamp64Milli({endedFromMs:Int64}) AND EndedAt < fromUnixTimestamp64Milli({endedToMs:Int64})
ORDER BY EndedAt DESC, Id
LIMIT 500
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
