-- {"tenant":"acme","environments":["prod"],"incidentId":"i","traits":[],"weights":[]}
SELECT
    IncidentId AS incidentId,
    toUnixTimestamp64Milli(assumeNotNull(ResolvedAt)) AS resolvedAtMs,
    toUnixTimestamp64Milli(StartedAt) AS startedAtMs,
    CauseService AS causeService,
    CauseKind AS causeKind,
    Services AS services,
    AlertNames AS alertNames,
    Resolution AS resolution,
    RejectedCauses AS rejectedCauses,
    Traits AS traits,
    Remediations AS remediations
FROM incidents
WHERE (Tenant = {tenant:String} AND Environment IN {environments:Array(String)} OR (Tenant = {tenant:String} AND Environment = '')) AND IncidentId != {incidentId:String} AND Status = 'resolved' AND ResolvedAt IS NOT NULL AND (IncidentId, Revision) IN
(
    SELECT id, revision
    FROM
    (
        SELECT
            IncidentId AS id,
            max(Revision) AS revision,
            argMax(AlertCount, Revision) AS alerts,
            argMax(ResolvedAt, Revision) AS resolved,
            argMax(
                arraySum(hash -> transform(hash, arrayMap(trait -> cityHash64(trait), {traits:Array(String)}), {weights:Array(Float64)}, toFloat64(0)), TraitHashes),
                Revision) AS alike
        FROM incidents
        WHERE (Tenant = {tenant:String} AND Environment IN {environments:Array(String)} OR (Tenant = {tenant:String} AND Environment = '')) AND IncidentId != {incidentId:String} AND Status = 'resolved' AND ResolvedAt IS NOT NULL
        GROUP BY id
    )
    WHERE alerts > 0 AND alike > 0
    ORDER BY alike DESC, resolved DESC, id
    LIMIT 50
)
ORDER BY resolvedAtMs DESC, incidentId
LIMIT 1 BY incidentId
LIMIT 50
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
