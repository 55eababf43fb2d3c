/** What alerts did in past incidents, and what people did about them: the facts of alert hygiene. */
import { testEnvironment } from '@faultline/model';
import type { Engine, Statement } from '../engine.ts';
import { type Budget, bounded } from './statement.ts';

export interface FiringHistoryRequest {
  readonly tenant: string;
  /** Incidents that started in [from, to). */
  readonly fromMs: number;
  readonly toMs: number;
}

/** One incident as it was last. */
export interface AlertedIncident {
  readonly id: string;
  readonly startedAtMs: number;
  /** Owner of the likely cause. Empty: not known. */
  readonly team: string;
  /** `none`, `limited`, `broad` or `unknown`. Empty: an older release did not judge it. */
  readonly impact: string;
  readonly isPaged: boolean;
  readonly isAcknowledged: boolean;
  /** Somebody or something changed the cause, or a person said what fixed it. */
  readonly isActedOn: boolean;
}

/** One firing of one alert, in the incident that holds it. */
export interface AlertFiring {
  readonly incidentId: string;
  readonly name: string;
  readonly source: string;
  readonly fingerprint: string;
  readonly startsAtMs: number;
  /** Null: it still fires. */
  readonly endsAtMs: number | null;
  /** Labels that may tell two alerts apart, and the severity. */
  readonly labels: Readonly<Record<string, string>>;
  /** Where its tool shows it. Prometheus puts the rule's expression there. */
  readonly url: string;
}

export interface FiringHistory {
  readonly incidents: readonly AlertedIncident[];
  readonly firings: readonly AlertFiring[];
  /** There are more rows than these. */
  readonly isTruncated: boolean;
}

const maxIncidents = 50_000;
const maxFirings = 100_000;

/** Those of tests are left out. */
export function alertedIncidentsStatement({ tenant, fromMs, toMs }: FiringHistoryRequest, budget: Budget): Statement {
  return bounded(
    `SELECT
    IncidentId AS id,
    toUnixTimestamp64Milli(argMax(incidents.StartedAt, Revision)) AS startedAtMs,
    argMax(incidents.Team, Revision) AS team,
    argMax(JSONExtractString(Body, 'triage', 'impact'), Revision) AS impact,
    argMax(mapContains(StageTimes, 'paged'), Revision) = 1 AS isPaged,
    argMax(mapContains(StageTimes, 'acknowledged'), Revision) = 1 AS isAcknowledged,
    argMax(mapContains(StageTimes, 'acted') OR arrayExists(one -> one.kind NOT IN ('change', 'false-alarm'), Remediations), Revision) = 1 AS isActedOn
FROM incidents
WHERE Tenant = {tenant:String} AND incidents.StartedAt >= fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC') AND incidents.StartedAt < fromUnixTimestamp64Milli({toMs:Int64}, 'UTC')
GROUP BY id
HAVING argMax(AlertCount, Revision) > 0 AND argMax(incidents.Environment, Revision) != {testEnvironment:String}
ORDER BY startedAtMs DESC, id
LIMIT ${maxIncidents}`,
    { tenant, fromMs, toMs, testEnvironment },
    budget,
  );
}

/** Labels by which rules are told apart. Others, such as the pod, differ in each firing. */
const keptLabels = ['cluster', 'namespace', 'service', 'job', 'severity', 'environment', 'env'];

export function alertFiringsStatement({ tenant, fromMs, toMs }: FiringHistoryRequest, budget: Budget): Statement {
  return bounded(
    `SELECT
    IncidentId AS incidentId,
    Name AS name,
    Source AS source,
    Fingerprint AS fingerprint,
    toUnixTimestamp64Milli(StartsAt) AS startsAtMs,
    if(EndsAt IS NULL, NULL, toUnixTimestamp64Milli(assumeNotNull(EndsAt))) AS endsAtMs,
    mapFilter((label, value) -> has({keptLabels:Array(String)}, label), Labels) AS labels,
    Url AS url
FROM incident_alerts FINAL
WHERE Tenant = {tenant:String} AND StartsAt >= fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC') AND StartsAt < fromUnixTimestamp64Milli({toMs:Int64}, 'UTC')
    AND Membership = 'present' AND Environment != {testEnvironment:String}
ORDER BY startsAtMs DESC, incidentId, source, fingerprint
LIMIT ${maxFirings}`,
    { tenant, fromMs, toMs, keptLabels, testEnvironment },
    budget,
  );
}

/** Latest first. */
export async function readFiringHistory(
  engine: Pick<Engine, 'select'>,
  request: FiringHistoryRequest,
  budget: Budget,
): Promise<FiringHistory> {
  const [incidents, firings] = await Promise.all([
    engine.select<AlertedIncident>(alertedIncidentsStatement(request, budget)),
    engine.select<AlertFiring>(alertFiringsStatement(request, budget)),
  ]);
  return { incidents, firings, isTruncated: incidents.length === maxIncidents || firings.length === maxFirings };
}
