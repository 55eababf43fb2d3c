-- {"tenant":"acme","source":"","fingerprint":"f"}
SELECT
    Source AS source,
    Fingerprint AS fingerprint,
    Environment AS environment,
    Name AS name,
    Status AS status,
    Severity AS severity,
    Labels AS labels,
    Entities AS entities,
    toUnixTimestamp64Milli(StartsAt) AS startsAtMs,
    if(EndsAt IS NULL, NULL, toUnixTimestamp64Milli(assumeNotNull(EndsAt))) AS endsAtMs,
    toUnixTimestamp64Milli(ReceivedAt) AS receivedAtMs,
    Url AS url
FROM
(
    SELECT *
    FROM alerts
    WHERE Tenant = {tenant:String} AND Fingerprint = {fingerprint:String}
    ORDER BY Id, ReceivedAt
    LIMIT 1 BY Id
)
ORDER BY receivedAtMs DESC, startsAtMs DESC, status DESC
LIMIT 50
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
