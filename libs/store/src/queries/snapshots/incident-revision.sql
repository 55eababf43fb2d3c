-- {"tenant":"acme","incidentId":"i","revision":3}
SELECT Body AS body
FROM incidents
WHERE Tenant = {tenant:String} AND IncidentId = {incidentId:String} AND Revision = {revision:UInt32}
ORDER BY Revision DESC
LIMIT 1
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
