/** What changed members do to their incident: its time span, its timeline, and when its evidence is read. */
import type { IncidentMember } from '@faultline/model';
import type { StepContext } from '../state/context.ts';
import { isOpen } from '../state/incident.ts';
import { membersOf } from '../state/members.ts';
import type { AlertState, IncidentState } from '../state/state.ts';
import { subjectOf } from '../state/subject.ts';
import { appendTimeline } from './history.ts';
import { updateQuiet } from './query.ts';

/** An alert that fires again this often within one incident is called flapping, once. */
const flappingAfter = 3;

/** Publishes a member's new state and updates its incident. An alert in no incident changes nothing. */
export function memberChanged(step: StepContext, alert: AlertState): void {
  const incident = alert.incidentId === null ? undefined : step.state.incidents.get(alert.incidentId);
  if (incident === undefined) return;
  incident.startedAtMs = Math.min(incident.startedAtMs, alert.startsAtMs);
  incident.lastStartMs = Math.max(incident.lastStartMs, alert.startsAtMs);
  publishMember(step, alert, incident, 'present');
  if (alert.flaps === flappingAfter && alert.status === 'firing')
    appendTimeline(step, incident, { kind: 'flapping', alertName: alert.name });
  // A member of a resolved incident is only recorded: its status alone is no reason for another page.
  if (isOpen(incident)) step.markChanged(incident, { now: false });
  const { firing } = membersOf(step.state, incident.id);
  updateQuiet(step, incident, firing);
}

/** Publishes a member as it is now. */
export function publishMember(
  step: StepContext,
  alert: AlertState,
  { id, revision }: IncidentState,
  membership: IncidentMember['membership'],
): void {
  const now = { ...alert };
  step.effects.push({ kind: 'member-change', incidentId: id, revision: revision + 1, alert: now, membership });
}

/** After members left: sets the event-time span from those that stayed, and the opening alert if it is among those that left. */
export function membersLeft(step: StepContext, incident: IncidentState): void {
  const { keys, byStart, firing } = membersOf(step.state, incident.id);
  const first = byStart.at(0);
  incident.startedAtMs = first?.startsAtMs ?? incident.startedAtMs;
  incident.lastStartMs = byStart.at(-1)?.startsAtMs ?? incident.lastStartMs;
  if (!keys.has(incident.anchor)) {
    incident.anchor = first?.key ?? '';
    step.state.index.setFailureDomain(incident.id, first === undefined ? '' : subjectOf(first.entities).failureDomain);
  }
  step.touchIncident(incident);
  updateQuiet(step, incident, firing);
}
