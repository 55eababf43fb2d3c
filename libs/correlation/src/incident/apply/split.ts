import type { StepContext } from '../../state/context.ts';
import type { AlertState, IncidentState, MemberReason } from '../../state/state.ts';
import { joinIncident } from '../join.ts';
import { openIncident } from '../life.ts';
import { membersLeft } from '../members.ts';

/** Moves some members into an incident of their own. */
export function splitMembers(
  step: StepContext,
  from: IncidentState,
  [first, ...others]: readonly [AlertState, ...AlertState[]],
  reason: MemberReason,
): IncidentState {
  const apart = openIncident(step, { alert: first, reason, detached: true });
  for (const alert of others) joinIncident(step, alert, apart, reason);
  membersLeft(step, from);
  return apart;
}
