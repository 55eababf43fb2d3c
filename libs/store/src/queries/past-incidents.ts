import type { EvidenceQuery } from '@faultline/model';
import type { Statement } from '../engine.ts';
import { type Budget, bounded, inScope, scopeParams } from './statement.ts';

const maxRows = 200;

/**
 * `PastIncidentRow`s: how other incidents of these environments, or of an unknown one, ended, each by its last resolution, latest first. An incident
 * that was merged into another has no alerts.
 */
export function pastIncidentsStatement(query: EvidenceQuery, budget: Budget): Statement {
  return bounded(
    `SELECT
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
    WHERE (${inScope} OR (Tenant = {tenant:String} AND Environment = '')) AND IncidentId != {incidentId:String} AND Status = 'resolved' AND ResolvedAt IS NOT NULL
    ORDER BY IncidentId, Revision DESC
    LIMIT 1 BY IncidentId
)
WHERE AlertCount > 0
ORDER BY resolvedAtMs DESC, incidentId
LIMIT ${maxRows}`,
    { ...scopeParams(query), incidentId: query.incidentId },
    budget,
  );
}
