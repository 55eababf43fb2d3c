/** Decides whether a command can be done. Pure. */
import type { Command, CommandAction } from '@faultline/model';
import { isOpen } from '../state/incident.ts';
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
    default:
      return null;
  }
}

function refuseReopen(incident: IncidentState): RefusalReason | null {
  if (isOpen(incident)) return { kind: 'not-resolved' };
  return incident.mergedInto === null ? null : { kind: 'merged-away', into: incident.mergedInto };
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
