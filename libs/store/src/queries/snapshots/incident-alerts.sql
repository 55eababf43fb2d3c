-- {"tenant":"acme","incidentId":"i","limit":501}
SELECT
    Fingerprint AS fingerprint,
    Name AS name,
    Status AS status,
    Severity AS severity,
    toUnixTimestamp64Milli(StartsAt) AS startsAtMs,
    if(EndsAt IS NULL, NULL, toUnixTimestamp64Milli(assumeNotNull(EndsAt))) AS endsAtMs,
    Labels AS labels,
    Entity AS entity,
    Reason AS reason,
    Source AS source,
    Url AS url,
    Kind AS kind,
    NamedEnvironment AS environment
FROM
(
    SELECT *
    FROM incident_alerts FINAL
    WHERE Tenant = {tenant:String} AND IncidentId = {incidentId:String}
    ORDER BY Source, Fingerprint, Revision DESC, StartsAt
    LIMIT 1 BY Source, Fingerprint
)
WHERE Membership != 'left'
ORDER BY startsAtMs, source, fingerprint
LIMIT {limit:UInt32}
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
