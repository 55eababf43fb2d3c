import { type EvidenceQuery, type PastIncidentRow, traitClassOf, traitWeights } from '@faultline/model';
import type { Engine, Statement } from '../engine.ts';
import { type Budget, bounded, inScope, scopeParams } from './statement.ts';

/** The core compares them one by one, and a journal keeps them. */
const maxRows = 50;

const known = `(${inScope} OR (Tenant = {tenant:String} AND Environment = '')) AND IncidentId != {incidentId:String} AND Status = 'resolved' AND ResolvedAt IS NOT NULL`;

/**
 * `PastIncidentRow`s: past incidents of these environments, or of an unknown one, that share traits with this one. Each by its last
 * resolution, those that share most first, then the latest. An incident that was merged into another has no alerts. Hashes are compared
 * first: all past incidents are read, and only the few that are alike are read in full.
 */
export function pastIncidentsStatement(query: EvidenceQuery, budget: Budget): Statement {
  const traits = [...(query.traits ?? [])];
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
    RejectedCauses AS rejectedCauses,
    Traits AS traits,
    Remediations AS remediations
FROM incidents
WHERE ${known} AND (IncidentId, Revision) IN
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
        WHERE ${known}
        GROUP BY id
    )
    WHERE alerts > 0 AND alike > 0
    ORDER BY alike DESC, resolved DESC, id
    LIMIT ${maxRows}
)
ORDER BY resolvedAtMs DESC, incidentId
LIMIT 1 BY incidentId
LIMIT ${maxRows}`,
    { ...scopeParams(query), incidentId: query.incidentId, traits, weights: traits.map(weightOf) },
    budget,
  );
}

function weightOf(trait: string): number {
  const name = traitClassOf(trait);
  return name === null ? 0 : traitWeights[name];
}

/** The past incidents that are most like this one, latest first. */
export function readPastIncidents(
  engine: Pick<Engine, 'select'>,
  query: EvidenceQuery,
  budget: Budget,
): Promise<readonly PastIncidentRow[]> {
  if ((query.traits ?? []).length === 0) return Promise.resolve([]);
  return engine.select<PastIncidentRow>(pastIncidentsStatement(query, budget));
}
