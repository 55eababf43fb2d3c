-- {"tenant":"acme","limit":51}
SELECT IncidentId AS id, toUnixTimestamp64Milli(StartedAt) AS startedAtMs, Body AS body
FROM incidents
WHERE Tenant = {tenant:String} AND (IncidentId, Revision) IN
(
    SELECT id, revision
    FROM
    (
        SELECT
            IncidentId AS id,
            max(Revision) AS revision,
            argMax(Status, Revision) AS status,
            argMax(Services, Revision) AS services,
            toString(argMax(Environment, Revision)) AS inOne,
            arrayMap(name -> toString(name), argMax(Environments, Revision)) AS inAll,
            toUnixTimestamp64Milli(argMax(incidents.StartedAt, Revision)) AS startedAtMs
        FROM incidents
        WHERE Tenant = {tenant:String}
        GROUP BY id
    )
    WHERE true
    ORDER BY startedAtMs DESC, id DESC
    LIMIT {limit:UInt32}
)
ORDER BY startedAtMs DESC, id DESC
LIMIT 1 BY id
LIMIT {limit:UInt32}
SETTINGS max_execution_time = 5, max_memory_usage = 2147483648, output_format_json_quote_64bit_integers = 0
