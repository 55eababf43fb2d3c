-- {"tenant":"acme","environments":["prod"],"incidentId":"i"}
SELECT
    IncidentId AS incidentId,
    toUnixTimestamp64Milli(assumeNotNull(ResolvedAt)) AS resolvedAtMs,
    toUnixTimestamp64Milli(StartedAt) AS startedAtMs,
    CauseService AS causeService,
    CauseKind AS causeKind,
    Services AS services,
    AlertNames AS alertNames,
    Resolution AS resolution,
    RejectedCauses AS rejectedCauses
FROM
(
    SELECT IncidentId, Revision, ResolvedAt, StartedAt, CauseService, CauseKind, Services, AlertNames, Resolution, RejectedCauses, AlertCount
    FROM incidents
    WHERE (Tenant = {tenant:String} AND Environment IN {environments:Array(String)} OR (Tenant = {tenant:String} AND Environment = '')) AND IncidentId != {incidentId:String} AND Status = 'resolved' AND ResolvedAt IS NOT NULL
    ORDER BY IncidentId, Revision DESC
    LIMIT 1 BY IncidentId
)
WHERE AlertCount > 0
ORDER BY resolvedAtMs DESC, incidentId
LIMIT 200
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
