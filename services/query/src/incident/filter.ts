import { type Incident, type IncidentAlert, triageLevelOf } from '@faultline/model';
import type { Cursor } from '../api/page.ts';
import type { ListIncidentsRequest } from './requests.ts';

export type IncidentFilter = Pick<
  ListIncidentsRequest,
  'status' | 'severity' | 'triage' | 'service' | 'startedAfter' | 'startedBefore'
> & {
  /** One of these. Empty: any. */
  readonly environments: readonly string[];
};

/** Whether an incident matches. A filter that is not set matches everything. */
export function matchesFilter(incident: Incident, filter: IncidentFilter): boolean {
  return (
    (filter.status.length === 0 || filter.status.includes(incident.status)) &&
    (filter.severity.length === 0 || filter.severity.includes(incident.severity)) &&
    (filter.triage.length === 0 || filter.triage.includes(triageLevelOf(incident))) &&
    (filter.environments.length === 0 || isInOne(incident, filter.environments)) &&
    (filter.service === '' || isAbout(incident, filter.service)) &&
    (filter.startedAfter === null || incident.startedAtMs >= filter.startedAfter) &&
    (filter.startedBefore === null || incident.startedAtMs < filter.startedBefore)
  );
}

/** An incident of an older release names its environment in its scope alone. */
function isInOne({ scope, environments }: Incident, wanted: readonly string[]): boolean {
  return wanted.includes(scope.environment) || environments.some((environment) => wanted.includes(environment));
}

/** Whether a service is the likely cause or has an alert in the incident. */
export function isAbout(incident: Incident, service: string): boolean {
  return (
    incident.hypotheses[0]?.cause.service === service ||
    incident.alerts.some((alert) => alert.entity === `service:${service}` || alert.labels['service'] === service)
  );
}

/** Newest first. The id breaks ties, so that pages do not overlap. */
export function byStartDescending(a: Incident, b: Incident): number {
  return b.startedAtMs - a.startedAtMs || compare(a.id, b.id);
}

/** Whether an incident comes after the page that ended at `cursor`. */
export function isAfterIncident(incident: Incident, cursor: Cursor | null): boolean {
  if (cursor === null) return true;
  const [startedAtMs, id] = cursor;
  return incident.startedAtMs < startedAtMs || (incident.startedAtMs === startedAtMs && compare(incident.id, id) > 0);
}

/** By start, then fingerprint. */
export function byAlertStart(a: IncidentAlert, b: IncidentAlert): number {
  return a.startsAtMs - b.startsAtMs || compare(a.fingerprint, b.fingerprint);
}

/** Whether an alert comes after the page that ended at `cursor`. */
export function isAfterAlert(alert: IncidentAlert, cursor: Cursor | null): boolean {
  if (cursor === null) return true;
  const [startsAtMs, fingerprint] = cursor;
  return (
    alert.startsAtMs > startsAtMs || (alert.startsAtMs === startsAtMs && compare(alert.fingerprint, fingerprint) > 0)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
