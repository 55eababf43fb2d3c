-- {"tenant":"acme","fromMs":1,"toMs":2,"keptLabels":["cluster","namespace","service","job","severity","environment","env"],"testEnvironment":"faultline-test"}
SELECT
    IncidentId AS incidentId,
    Name AS name,
    Source AS source,
    Fingerprint AS fingerprint,
    toUnixTimestamp64Milli(StartsAt) AS startsAtMs,
    if(EndsAt IS NULL, NULL, toUnixTimestamp64Milli(assumeNotNull(EndsAt))) AS endsAtMs,
    mapFilter((label, value) -> has({keptLabels:Array(String)}, label), Labels) AS labels,
    Url AS url
FROM incident_alerts FINAL
WHERE Tenant = {tenant:String} AND StartsAt >= fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC') AND StartsAt < fromUnixTimestamp64Milli({toMs:Int64}, 'UTC')
    AND Membership = 'present' AND Environment != {testEnvironment:String}
ORDER BY startsAtMs DESC, incidentId, source, fingerprint
LIMIT 100000
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
