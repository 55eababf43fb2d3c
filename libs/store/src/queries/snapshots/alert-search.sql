-- {"tenant":"acme","text":"Slow","sinceMs":5000}
SELECT
    Source AS source,
    Fingerprint AS fingerprint,
    Name AS name,
    Status AS status,
    toUnixTimestamp64Milli(ReceivedAt) AS receivedAtMs
FROM alerts
WHERE Tenant = {tenant:String} AND ReceivedAt >= fromUnixTimestamp64Milli({sinceMs:Int64})
    AND (positionCaseInsensitiveUTF8(Fingerprint, {text:String}) > 0
        OR positionCaseInsensitiveUTF8(Name, {text:String}) > 0
        OR has(mapValues(Labels), {text:String}))
ORDER BY receivedAtMs DESC, source, fingerprint
LIMIT 1 BY source, fingerprint
LIMIT 10
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
