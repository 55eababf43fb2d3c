-- One row for each stage of each resolved incident, by its last revision. The mean of SecondsFromOnset for `recovered` is the time to recovery.
CREATE VIEW IF NOT EXISTS incident_stages AS
SELECT
    inTenant AS Tenant,
    inOne AS Environment,
    id AS IncidentId,
    toStartOfMonth(startedAt) AS Month,
    ownedBy AS Team,
    causedBy AS Service,
    faultType AS Kind,
    reached.1 AS Stage,
    fromUnixTimestamp64Milli(reached.2, 'UTC') AS ReachedAt,
    greatest(0, reached.2 - stageTimes['onset']) / 1000 AS SecondsFromOnset
FROM
(
    SELECT
        incidents.Tenant AS inTenant,
        incidents.IncidentId AS id,
        argMax(incidents.Environment, incidents.Revision) AS inOne,
        argMax(incidents.StartedAt, incidents.Revision) AS startedAt,
        argMax(incidents.Status, incidents.Revision) AS lastStatus,
        argMax(incidents.AlertCount, incidents.Revision) AS alerts,
        argMax(incidents.Team, incidents.Revision) AS ownedBy,
        argMax(if(incidents.Verdict = 'identified', incidents.CauseService, ''), incidents.Revision) AS causedBy,
        argMax(if(incidents.Verdict = 'identified', incidents.CauseKind, ''), incidents.Revision) AS faultType,
        argMax(incidents.StageTimes, incidents.Revision) AS stageTimes
    FROM incidents
    GROUP BY inTenant, id
)
ARRAY JOIN CAST(stageTimes, 'Array(Tuple(String, Int64))') AS reached
WHERE lastStatus = 'resolved' AND alerts > 0
