-- {"tenant":"acme","fromMs":1,"toMs":2,"environments":["prod"],"ids":["c1"],"cluster":"east","namespace":"shop","services":["cart"],"workloads":["cart","shop/cart"],"objectKind":"Deployment","objectName":"cart","kinds":["deploy"],"source":"kubernetes","limit":51,"afterMs":5,"afterId":"i"}
SELECT
    toString(Environment) AS environment,
    Id AS id,
    Source AS source,
    Kind AS kind,
    Entities AS entities,
    Summary AS summary,
    Actor AS actor,
    toUnixTimestamp64Milli(StartedAt) AS startedAtMs,
    if(EndedAt IS NULL, NULL, toUnixTimestamp64Milli(assumeNotNull(EndedAt))) AS endedAtMs,
    Version AS version,
    PreviousVersion AS previousVersion,
    Url AS url,
    toUnixTimestamp64Milli(ReceivedAt) AS receivedAtMs,
    Detail AS detail
FROM changes
WHERE Tenant = {tenant:String}
    AND StartedAt >= fromUnixTimestamp64Milli({fromMs:Int64})
    AND StartedAt < fromUnixTimestamp64Milli({toMs:Int64})
    AND Environment IN {environments:Array(String)}
    AND Id IN {ids:Array(String)}
    AND (Cluster = {cluster:String} OR Entities['cluster'] = {cluster:String})
    AND (ObjectNamespace = {namespace:String} OR Entities['namespace'] = {namespace:String})
    AND (Entities['service'] IN {services:Array(String)} OR Entities['workload'] IN {services:Array(String)})
    AND Entities['workload'] IN {workloads:Array(String)}
    AND ObjectKind = {objectKind:String}
    AND ObjectName = {objectName:String}
    AND Kind IN {kinds:Array(String)}
    AND Source = {source:String}
    AND RolloutState != ''
    AND (toUnixTimestamp64Milli(StartedAt), Id) < ({afterMs:Int64}, {afterId:String})
ORDER BY startedAtMs DESC, id DESC, RolloutAt DESC, ReceivedAt DESC, EndedAt DESC NULLS LAST
LIMIT 1 BY id
LIMIT {limit:UInt32}
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
