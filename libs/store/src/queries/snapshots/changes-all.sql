-- {"tenant":"acme","fromMs":1,"toMs":2,"limit":51,"afterMs":0,"afterId":""}
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
ORDER BY startedAtMs DESC, id DESC, RolloutAt DESC, ReceivedAt DESC, EndedAt DESC NULLS LAST
LIMIT 1 BY id
LIMIT {limit:UInt32}
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
