/** Members of an incident: joining, changing, and what that does to its incident. */
import type { IncidentAlert, IncidentMember } from '@faultline/model';
import { subjectOf } from '../alert/subject.ts';
import { type Draft, markChanged, moveAlert, touchIncident } from '../state/draft.ts';
import { membersOf } from '../state/members.ts';
import type { AlertState, IncidentState } from '../state/state.ts';
import { askSoon, planAsk } from './ask.ts';
import { tell } from './life.ts';

/** An alert that fires again this often within one incident is called flapping, once. */
const flapsToTell = 3;

/** The public form of a member. */
export function incidentAlert(alert: AlertState): IncidentAlert {
  return {
    fingerprint: alert.fingerprint,
    name: alert.name,
    status: alert.status,
    severity: alert.severity,
    startsAtMs: alert.startsAtMs,
    endsAtMs: alert.endsAtMs,
    labels: alert.labels,
    entity: subjectOf(alert.entities),
    reason: alert.reason,
    source: alert.source,
    url: alert.url,
  };
}

/** Puts an alert into an incident for a reason. */
export function joinIncident(
  draft: Draft,
  alert: AlertState,
  incident: IncidentState,
  reason: { readonly text: string; readonly provisional: boolean },
): void {
  if (alert.incidentId !== incident.id) {
    memberLeaves(draft, alert);
    alert.flaps = 0;
    moveAlert(draft, alert, incident.id);
  }
  alert.reason = reason.text;
  alert.provisional = reason.provisional;
  memberChanged(draft, alert);
  askSoon(draft, incident);
}

/** Tells that an alert goes out of its incident. One that is over keeps its members, for the record. */
function memberLeaves(draft: Draft, alert: AlertState): void {
  const former = alert.incidentId === null ? undefined : draft.state.incidents.get(alert.incidentId);
  if (former !== undefined && former.status !== 'resolved') publishMember(draft, alert, former, 'left');
}

/** Tells of a member's new state and brings its incident up to date. An alert in no incident changes nothing. */
export function memberChanged(draft: Draft, alert: AlertState): void {
  const incident = alert.incidentId === null ? undefined : draft.state.incidents.get(alert.incidentId);
  if (incident === undefined) return;
  incident.startedAtMs = Math.min(incident.startedAtMs, alert.startsAtMs);
  incident.lastStartMs = Math.max(incident.lastStartMs, alert.startsAtMs);
  publishMember(draft, alert, incident, 'present');
  updateQuiet(draft, incident);
  if (alert.flaps === flapsToTell && alert.status === 'firing')
    tell(draft, incident, 'status', `${alert.name} is flapping`);
  // A member of an ended incident is only noted: its status alone is no reason for another page.
  if (incident.status !== 'resolved') markChanged(draft, incident, { now: false });
}

/** Puts a member's state on its topic. */
export function publishMember(
  draft: Draft,
  alert: AlertState,
  incident: IncidentState,
  membership: IncidentMember['membership'],
): void {
  draft.effects.push({
    kind: 'member',
    member: {
      scope: draft.state.scope,
      incidentId: incident.id,
      revision: incident.revision + 1,
      alert: incidentAlert(alert),
      entities: alert.entities,
      membership,
    },
  });
}

/** Notes since when no member fires, and plans the question whether the signals recovered. */
export function updateQuiet(draft: Draft, incident: IncidentState): void {
  const { firing } = membersOf(draft.state, incident.id);
  const quiet = firing === 0;
  if (quiet === (incident.quietSinceMs !== null) || incident.status === 'resolved') return;
  incident.quietSinceMs = quiet ? draft.atMs : null;
  touchIncident(draft, incident);
  planAsk(draft, incident);
}
