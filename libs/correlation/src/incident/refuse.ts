/** Decides whether a command can be done. Pure. */
import type { Command, CommandAction } from '@faultline/model';
import { historyOf, isOpen } from '../state/incident.ts';
import { membersOf } from '../state/members.ts';
import type { IncidentState, RefusalReason, ScopeState } from '../state/state.ts';

/** Why a command is refused; null when it can be done. */
export function decideRefusal(
  state: ScopeState,
  incident: IncidentState,
  { expectedRevision, action }: Pick<Command, 'expectedRevision' | 'action'>,
): RefusalReason | null {
  const { revision } = incident;
  if (expectedRevision !== null && expectedRevision !== revision)
    return { kind: 'stale-revision', revision, expected: expectedRevision };
  switch (action.kind) {
    case 'acknowledge':
    case 'resolve':
      return isOpen(incident) ? null : { kind: 'resolved', command: action.kind };
    case 'reopen':
      return refuseReopen(incident);
    case 'split':
      return refuseSplit(state, incident, action);
    case 'merge':
      return refuseMerge(state, incident, action);
    case 'reject-cause':
      return refuseReject(state, incident, action.service);
    case 'record-remediation':
      return incident.mergedInto === null ? null : { kind: 'merged-away', into: incident.mergedInto };
    case 'restore-cause':
      return historyOf(state, incident.id).rejections.some(({ service }) => service === action.service)
        ? null
        : { kind: 'not-rejected', service: action.service };
    default:
      return null;
  }
}

function refuseReopen(incident: IncidentState): RefusalReason | null {
  if (isOpen(incident)) return { kind: 'not-resolved' };
  return incident.mergedInto === null ? null : { kind: 'merged-away', into: incident.mergedInto };
}

/** Also of a resolved incident: who reviews it knows more than who was paged. */
function refuseReject(state: ScopeState, { id }: IncidentState, service: string): RefusalReason | null {
  const { pin, rejections } = historyOf(state, id);
  const known = rejections.find((rejection) => rejection.service === service);
  if (known !== undefined) return { kind: 'rejected-already', service, actor: known.actor };
  const hypotheses = state.evidence.get(id)?.ranking.hypotheses ?? [];
  const isCause = pin?.service === service || hypotheses.some(({ cause }) => cause.service === service);
  return isCause ? null : { kind: 'no-such-cause', service };
}

type ActionOf<Kind extends CommandAction['kind']> = Extract<CommandAction, { kind: Kind }>;

function refuseSplit(state: ScopeState, incident: IncidentState, action: ActionOf<'split'>): RefusalReason | null {
  if (!isOpen(incident)) return { kind: 'resolved', command: 'split' };
  const members = membersOf(state, incident.id).all();
  const moved = members.filter(({ fingerprint }) => action.alertFingerprints.includes(fingerprint));
  if (moved.length === 0) return { kind: 'no-such-alerts' };
  return moved.length === members.length ? { kind: 'all-alerts' } : null;
}

function refuseMerge(state: ScopeState, incident: IncidentState, action: ActionOf<'merge'>): RefusalReason | null {
  const other = state.incidents.get(action.otherIncidentId);
  if (other === undefined) return { kind: 'unknown-other', other: action.otherIncidentId };
  if (other.id === incident.id) return { kind: 'merge-with-itself' };
  return isOpen(incident) && isOpen(other) ? null : { kind: 'not-both-open' };
}
