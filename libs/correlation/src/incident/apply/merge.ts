import { isHigherLevel } from '@faultline/model';
import { causeOf } from '../../grouping/cause.ts';
import type { Merge } from '../../grouping/merge.ts';
import type { StepContext } from '../../state/context.ts';
import { membersOf } from '../../state/members.ts';
import type { IncidentState, MemberReason } from '../../state/state.ts';
import { appendTimeline } from '../history.ts';
import { joinIncident } from '../join.ts';
import { forgetIncident, resolveIncident } from '../life.ts';

/** Makes several incidents one. */
export function applyMerge(step: StepContext, merge: Merge): void {
  if (merge.kind === 'connected') {
    const { from, into, alertName, reason } = merge;
    moveMembers(step, from, into, { kind: 'joined-with', alertName, reason });
    endMerged(step, from, into, causeOf(step.state, into.id) ?? '');
    return;
  }
  if (merge.kind === 'suspected-cause') {
    moveMembers(step, merge.from, merge.into, { kind: 'storm-suspects-cause', cause: merge.cause }, true);
    return;
  }
  const { into, cause } = merge;
  for (const from of merge.from) {
    const { size: count } = membersOf(step.state, from.id).keys;
    moveMembers(step, from, into, { kind: 'same-cause', cause });
    appendTimeline(step, into, { kind: 'members-added', count, cause });
    endMerged(step, from, into, cause);
  }
}

/** An incident that was published is not forgotten: its page says where its alerts went. */
function endMerged(step: StepContext, from: IncidentState, into: IncidentState, cause: string): void {
  if (from.revision === 0) return;
  from.mergedInto = into.id;
  resolveIncident(step, from, { kind: 'merged-same-cause', into: into.id, cause });
}

/** Moves all members from one incident to another. The first is forgotten when it was never published. */
export function moveMembers(
  step: StepContext,
  from: IncidentState,
  into: IncidentState,
  reason: MemberReason,
  isProvisional = false,
): void {
  for (const alert of membersOf(step.state, from.id).all()) joinIncident(step, alert, into, reason, isProvisional);
  inheritLevel(step, from, into);
  if (from.revision === 0) forgetIncident(step, from);
  step.markChanged(into, { now: false });
}

/** Who was paged for one of two incidents stays paged for both. */
function inheritLevel(step: StepContext, { triage }: IncidentState, into: IncidentState): void {
  if (triage === null || into.triage === null || !isHigherLevel(triage.level, into.triage.level)) return;
  into.triage = { ...triage, reasons: [{ code: 'merged', detail: '' }], atMs: step.atMs };
  step.touchIncident(into);
}
