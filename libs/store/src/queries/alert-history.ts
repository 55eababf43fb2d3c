/** What is kept of one alert: its transitions, and the incidents that it was or is in. */
import type { Alert, IncidentMember } from '@faultline/model';
import type { Engine, Statement } from '../engine.ts';
import { type Budget, bounded } from './statement.ts';

/** One alert over its life at its source. */
export interface AlertKey {
  readonly tenant: string;
  /** Empty: of every source. */
  readonly source: string;
  readonly fingerprint: string;
}

/** One state that a source sent, without what only its page shows. */
export interface AlertTransition
  extends Pick<
    Alert,
    | 'source'
    | 'fingerprint'
    | 'name'
    | 'status'
    | 'severity'
    | 'labels'
    | 'entities'
    | 'startsAtMs'
    | 'endsAtMs'
    | 'receivedAtMs'
    | 'url'
  > {
  readonly environment: string;
}

/** One incident of the alert, in the last revision that changed the membership. */
export interface AlertMembership extends Pick<IncidentMember, 'incidentId' | 'revision' | 'membership'> {
  readonly reason: string;
}

export interface AlertHistory {
  /** Last received first. A transition that was sent twice is there once, as it came first. */
  readonly transitions: readonly AlertTransition[];
  /** Latest start first. */
  readonly memberships: readonly AlertMembership[];
}

const maxTransitions = 50;
const maxMemberships = 20;

const isAlert = (source: string) =>
  `Tenant = {tenant:String} AND Fingerprint = {fingerprint:String}${source === '' ? '' : ' AND Source = {source:String}'}`;

/** The `AlertTransition`s, last received first. */
export function transitionsStatement(alert: AlertKey, budget: Budget): Statement {
  return bounded(
    `SELECT
    Source AS source,
    Fingerprint AS fingerprint,
    Environment AS environment,
    Name AS name,
    Status AS status,
    Severity AS severity,
    Labels AS labels,
    Entities AS entities,
    toUnixTimestamp64Milli(StartsAt) AS startsAtMs,
    if(EndsAt IS NULL, NULL, toUnixTimestamp64Milli(assumeNotNull(EndsAt))) AS endsAtMs,
    toUnixTimestamp64Milli(ReceivedAt) AS receivedAtMs,
    Url AS url
FROM
(
    SELECT *
    FROM alerts
    WHERE ${isAlert(alert.source)}
    ORDER BY Id, ReceivedAt
    LIMIT 1 BY Id
)
ORDER BY receivedAtMs DESC, startsAtMs DESC, status DESC
LIMIT ${maxTransitions}`,
    { ...alert },
    budget,
  );
}

/** The `AlertMembership`s, latest start first. */
export function membershipsStatement(alert: AlertKey, budget: Budget): Statement {
  return bounded(
    `SELECT IncidentId AS incidentId, Revision AS revision, Membership AS membership, Reason AS reason
FROM
(
    SELECT *
    FROM incident_alerts FINAL
    WHERE ${isAlert(alert.source)}
    ORDER BY IncidentId, Revision DESC, StartsAt
    LIMIT 1 BY IncidentId
)
ORDER BY StartsAt DESC, Revision DESC, IncidentId
LIMIT ${maxMemberships}`,
    { ...alert },
    budget,
  );
}

/** Reads both lists at once. */
export async function readAlertHistory(
  engine: Pick<Engine, 'select'>,
  alert: AlertKey,
  budget: Budget,
): Promise<AlertHistory> {
  const [transitions, memberships] = await Promise.all([
    engine.select<AlertTransition>(transitionsStatement(alert, budget)),
    engine.select<AlertMembership>(membershipsStatement(alert, budget)),
  ]);
  return { transitions, memberships };
}
