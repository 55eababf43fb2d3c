/** Applies what grouping and people decided: the one place where alerts move between incidents. */
import type { Merge } from '../grouping/merge.ts';
import type { Placement } from '../grouping/place.ts';
import { isProvisional } from '../grouping/reason.ts';
import type { Regrouping } from '../grouping/regroup.ts';
import { markChanged, moveAlert, type StepContext, touch, touchIncident } from '../state/context.ts';
import { setEvidence } from '../state/incident.ts';
import { membersOf, sortedMembers } from '../state/members.ts';
import type { AlertState, IncidentState, MemberReason } from '../state/state.ts';
import { appendTimeline } from './history.ts';
import { forgetIncident, openIncident, reopenIncident, resolveIncident } from './life.ts';
import { joinIncident, publishMember, spanFromMembers, updateQuiet } from './members.ts';

/** Puts an alert where it belongs. */
export function applyPlacement(step: StepContext, alert: AlertState, placement: Placement): void {
  if (placement.kind === 'open') {
    openIncident(step, { alert, reason: { kind: 'opened' }, detached: false });
    return;
  }
  const { incident, reason } = placement;
  joinIncident(step, alert, incident, reason, isProvisional(reason));
  if (incident.status === 'resolved') reopenIncident(step, incident, { kind: 'reopened', reason });
}

/** Makes several incidents one. */
export function applyMerge(step: StepContext, merge: Merge): void {
  if (merge.kind === 'connected') {
    const { from, into, alertName, reason } = merge;
    moveMembers(step, from, into, { kind: 'joined-with', alertName, reason });
    return;
  }
  for (const from of merge.from) mergeSameCause(step, from, merge.into, merge.cause);
}

function mergeSameCause(step: StepContext, from: IncidentState, into: IncidentState, cause: string): void {
  const count = membersOf(step.state, from.id).keys.size;
  const wasPaged = from.revision > 0;
  moveMembers(step, from, into, { kind: 'same-cause', cause });
  appendTimeline(step, into, { kind: 'members-added', count, cause });
  if (!wasPaged) return;
  from.mergedInto = into.id;
  resolveIncident(step, from, { kind: 'merged-same-cause', into: into.id, cause });
}

/** Moves all members from one incident to another. The first is forgotten when it was never published. */
export function moveMembers(step: StepContext, from: IncidentState, into: IncidentState, reason: MemberReason): void {
  for (const alert of sortedMembers(step.state, from.id)) joinIncident(step, alert, into, reason);
  if (from.revision === 0) forgetIncident(step, from);
  markChanged(step, into, { now: false });
}

/** Confirms the members that stay, and opens incidents for those that leave. */
export function applyRegrouping(step: StepContext, incident: IncidentState, regrouping: Regrouping): void {
  incident.regrouped = true;
  touchIncident(step, incident);
  for (const { alert, reason } of regrouping.kept) joinIncident(step, alert, incident, reason);
  updateRelated(step, incident, regrouping.related);
  for (const alert of regrouping.unknown) joinIncident(step, alert, incident, { kind: 'storm-no-telemetry' });
  if (regrouping.left.length === 0) return;
  for (const alert of regrouping.left) {
    moveAlert(step, alert, null);
    publishMember(step, alert, incident, 'left');
  }
  spanFromMembers(step, incident);
  const services = regrouping.services.slice(0, 3);
  for (const { opening, members } of regrouping.split) {
    const reason: MemberReason = { kind: 'no-degraded-path', services };
    const apart = openIncident(step, { alert: opening, reason, detached: true });
    appendTimeline(step, incident, { kind: 'regrouped', alertName: opening.name });
    for (const member of members) joinIncident(step, member.alert, apart, member.reason);
  }
  updateQuiet(step, incident);
}

/** Sets the degraded services that are connected with an incident's members. */
export function updateRelated(step: StepContext, incident: IncidentState, related: readonly string[]): void {
  const evidence = step.state.evidence.get(incident.id);
  if (evidence === undefined) return;
  setEvidence(step.state, incident.id, { ...evidence, related });
  touch(step, `evidence/${incident.id}`);
}

/** Moves some members into an incident of their own; `moved` must not be empty. */
export function splitMembers(
  step: StepContext,
  from: IncidentState,
  [first, ...others]: readonly [AlertState, ...AlertState[]],
  reason: MemberReason,
): IncidentState {
  const apart = openIncident(step, { alert: first, reason, detached: true });
  for (const alert of others) joinIncident(step, alert, apart, reason);
  spanFromMembers(step, from);
  updateQuiet(step, from);
  updateQuiet(step, apart);
  return apart;
}
