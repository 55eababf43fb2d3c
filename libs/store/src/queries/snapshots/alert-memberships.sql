-- {"tenant":"acme","source":"grafana","fingerprint":"f"}
SELECT IncidentId AS incidentId, Revision AS revision, Membership AS membership, Reason AS reason
FROM
(
    SELECT *
    FROM incident_alerts FINAL
    WHERE Tenant = {tenant:String} AND Fingerprint = {fingerprint:String} AND Source = {source:String}
    ORDER BY IncidentId, Revision DESC, StartsAt
    LIMIT 1 BY IncidentId
)
ORDER BY StartsAt DESC, Revision DESC, IncidentId
LIMIT 20
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
