-- {"tenant":"acme","fromMs":1,"toMs":2,"testEnvironment":"faultline-test"}
SELECT
    IncidentId AS id,
    toUnixTimestamp64Milli(argMax(incidents.StartedAt, Revision)) AS startedAtMs,
    argMax(incidents.Team, Revision) AS team,
    argMax(JSONExtractString(Body, 'triage', 'impact'), Revision) AS impact,
    argMax(mapContains(StageTimes, 'paged'), Revision) = 1 AS isPaged,
    argMax(mapContains(StageTimes, 'acknowledged'), Revision) = 1 AS isAcknowledged,
    argMax(mapContains(StageTimes, 'acted') OR arrayExists(one -> one.kind NOT IN ('change', 'false-alarm'), Remediations), Revision) = 1 AS isActedOn
FROM incidents
WHERE Tenant = {tenant:String} AND incidents.StartedAt >= fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC') AND incidents.StartedAt < fromUnixTimestamp64Milli({toMs:Int64}, 'UTC')
GROUP BY id
HAVING argMax(AlertCount, Revision) > 0 AND argMax(incidents.Environment, Revision) != {testEnvironment:String}
ORDER BY startedAtMs DESC, id
LIMIT 50000
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
