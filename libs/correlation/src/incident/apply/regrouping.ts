import type { Regrouping } from '../../grouping/regroup.ts';
import type { StepContext } from '../../state/context.ts';
import { setEvidence } from '../../state/incident.ts';
import type { IncidentState } from '../../state/state.ts';
import { appendTimeline } from '../history.ts';
import { joinIncident, moveAlert } from '../join.ts';
import { openIncident } from '../life.ts';
import { membersLeft } from '../members.ts';

/** Confirms the members that stay, and opens incidents for those that leave. */
export function applyRegrouping(step: StepContext, incident: IncidentState, regrouping: Regrouping): void {
  const { isWhole, related, kept, left, split, floods } = regrouping;
  if (isWhole) incident.regrouped = true;
  const known = step.state.evidence.get(incident.id);
  if (known !== undefined) setEvidence(step.state, incident.id, { ...known, related });
  step.touch(`incident/${incident.id}`, `evidence/${incident.id}`);
  for (const member of kept) joinIncident(step, member.alert, incident, member.reason);
  if (left.length === 0) return;
  for (const alert of left) moveAlert(step, alert, null);
  for (const { opening, members, reason } of split) {
    const apart = openIncident(step, { alert: opening, reason, detached: true });
    for (const member of members) joinIncident(step, member.alert, apart, member.reason);
    appendTimeline(step, incident, { kind: 'regrouped', alertName: opening.name });
  }
  for (const flood of floods) moveToFlood(step, incident, flood);
  membersLeft(step, incident);
}

/** They share one incident, which claims nothing. */
function moveToFlood(step: StepContext, from: IncidentState, flood: Regrouping['floods'][number]): void {
  const [first, ...others] = flood.alerts;
  if (first === undefined) return;
  const { reason } = flood;
  const into = flood.into ?? openIncident(step, { alert: first, reason, detached: true, isFlood: true });
  for (const alert of flood.into === null ? others : flood.alerts) joinIncident(step, alert, into, reason);
  appendTimeline(step, from, { kind: 'flooded', count: flood.alerts.length, into: into.id });
}
