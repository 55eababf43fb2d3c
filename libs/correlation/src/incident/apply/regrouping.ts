import type { Regrouping } from '../../grouping/regroup.ts';
import type { StepContext } from '../../state/context.ts';
import { setEvidence } from '../../state/incident.ts';
import type { IncidentState, MemberReason } from '../../state/state.ts';
import { appendTimeline } from '../history.ts';
import { openIncident } from '../life.ts';
import { joinIncident, publishMember, spanFromMembers, updateQuiet } from '../members.ts';

/** Services that a reason names. */
const maxServices = 3;

/** Confirms the members that stay, and opens incidents for those that leave. */
export function applyRegrouping(step: StepContext, incident: IncidentState, regrouping: Regrouping): void {
  const { related, services, left } = regrouping;
  const { evidence } = step.state;
  incident.regrouped = true;
  for (const { alert, reason } of regrouping.kept) joinIncident(step, alert, incident, reason);
  for (const alert of regrouping.unknown) joinIncident(step, alert, incident, { kind: 'storm-no-telemetry' });
  const known = evidence.get(incident.id);
  if (known !== undefined) setEvidence(step.state, incident.id, { ...known, related });
  step.touch(`incident/${incident.id}`, `evidence/${incident.id}`);
  if (left.length === 0) return;
  for (const alert of left) {
    step.moveAlert(alert, null);
    publishMember(step, alert, incident, 'left');
  }
  spanFromMembers(step, incident);
  const reason: MemberReason = { kind: 'no-degraded-path', services: services.slice(0, maxServices) };
  for (const { opening, members } of regrouping.split) {
    const apart = openIncident(step, { alert: opening, reason, detached: true });
    appendTimeline(step, incident, { kind: 'regrouped', alertName: opening.name });
    for (const member of members) joinIncident(step, member.alert, apart, member.reason);
  }
  updateQuiet(step, incident);
}
