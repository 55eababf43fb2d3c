/** An alert joins an incident or leaves one. */
import type { StepContext } from '../state/context.ts';
import { isOpen } from '../state/incident.ts';
import { moveMember } from '../state/members.ts';
import type { AlertState, IncidentState, MemberReason } from '../state/state.ts';
import { memberChanged, publishMember } from './members.ts';
import { querySoon } from './query.ts';

/** Puts an alert into an incident. `isProvisional`: it is judged again when evidence is in. */
export function joinIncident(
  step: StepContext,
  alert: AlertState,
  incident: IncidentState,
  reason: MemberReason,
  isProvisional = false,
): void {
  if (alert.incidentId !== incident.id) {
    moveAlert(step, alert, incident.id);
    alert.flaps = 0;
  }
  alert.reason = reason;
  alert.provisional = isProvisional;
  step.touch(`alert/${alert.key}`);
  memberChanged(step, alert);
  querySoon(step, incident);
}

/** Moves an alert out of its incident and into another one; null: into none. */
export function moveAlert(step: StepContext, alert: AlertState, incidentId: string | null): void {
  const former = alert.incidentId === null ? undefined : step.state.incidents.get(alert.incidentId);
  moveMember(step.state, alert, incidentId);
  step.touch(`alert/${alert.key}`);
  // A resolved incident keeps its members for the record, so it does not report that they leave.
  if (former !== undefined && isOpen(former)) publishMember(step, alert, former, 'left');
}
