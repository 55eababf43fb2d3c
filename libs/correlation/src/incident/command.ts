/** What people ask of an incident. Each command is done or refused, once, and the revision that follows says which. */
import type { Command, CommandAction } from '@faultline/model';
import { moveMembers, separateMembers } from '../grouping/regroup.ts';
import { rememberSplit, splitsBetween } from '../grouping/split-memory.ts';
import { type Draft, markChanged, touch } from '../state/draft.ts';
import { sortedMembers } from '../state/members.ts';
import type { IncidentState } from '../state/state.ts';
import { askEvidence } from './ask.ts';
import { changeHistory, historyOf, isOpen, reopenIncident, resolveIncident, tell } from './life.ts';

/** Takes a command. The same id twice is one command. One for an incident that is not known changes nothing: nobody publishes it. */
export function takeCommand(draft: Draft, command: Command): void {
  const { state } = draft;
  if (state.commands.has(command.id)) return;
  const incidentId = incidentIdOf(draft, command.incidentId);
  const incident = state.incidents.get(incidentId);
  const refusal = incident === undefined ? 'NOT_FOUND' : decideRefusal(draft, incident, command);
  const result = refusal === null ? 'done' : 'refused';
  state.commands.set(command.id, { atMs: draft.atMs, incidentId, result });
  touch(draft, `command/${command.id}`);
  if (incident === undefined) return;
  const { commands } = historyOf(draft, incident.id);
  changeHistory(draft, incident.id, { commands: [...commands, { id: command.id, result, reason: refusal ?? '' }] });
  if (refusal === null) act(draft, incident, command);
  markChanged(draft, incident, { now: true });
}

const alertPrefix = 'alert/';

/** A pager knows its alert, not the incident: `alert/<source>/<fingerprint>` means the incident that holds it. */
function incidentIdOf({ state }: Draft, id: string): string {
  if (!id.startsWith(alertPrefix)) return id;
  return state.alerts.get(id.slice(alertPrefix.length))?.incidentId ?? id;
}

/** Why a command cannot be done; null when it can. The reason starts with the status code that the caller is given. */
export function decideRefusal(draft: Draft, incident: IncidentState, command: Command): string | null {
  const { expectedRevision, action } = command;
  if (expectedRevision !== null && expectedRevision !== incident.revision)
    return `FAILED_PRECONDITION: the incident is at revision ${incident.revision}, not ${expectedRevision}: read it again`;
  switch (action.kind) {
    case 'acknowledge':
      return isOpen(incident) ? null : 'FAILED_PRECONDITION: the incident is resolved';
    case 'resolve':
      return isOpen(incident) ? null : 'FAILED_PRECONDITION: the incident is resolved already';
    case 'reopen':
      return isOpen(incident) ? 'FAILED_PRECONDITION: the incident is not resolved' : null;
    case 'split':
      return refuseSplit(draft, incident, action);
    case 'merge':
      return refuseMerge(draft, incident, action);
    default:
      return null;
  }
}

function refuseSplit(draft: Draft, incident: IncidentState, action: CommandAction & { kind: 'split' }): string | null {
  const members = sortedMembers(draft.state, incident.id);
  const moved = members.filter((alert) => action.alertFingerprints.includes(alert.fingerprint));
  if (!isOpen(incident)) return 'FAILED_PRECONDITION: the incident is resolved';
  if (moved.length === 0) return 'INVALID_ARGUMENT: none of these alerts is in the incident';
  return moved.length === members.length ? 'INVALID_ARGUMENT: this would take out all alerts' : null;
}

function refuseMerge(draft: Draft, incident: IncidentState, action: CommandAction & { kind: 'merge' }): string | null {
  const other = draft.state.incidents.get(action.otherIncidentId);
  if (other === undefined) return `NOT_FOUND: no incident ${action.otherIncidentId} in this scope`;
  if (other.id === incident.id) return 'INVALID_ARGUMENT: an incident cannot be merged with itself';
  return isOpen(incident) && isOpen(other) ? null : 'FAILED_PRECONDITION: both incidents have to be open';
}

function act(draft: Draft, incident: IncidentState, command: Command): void {
  const { action, actor } = command;
  switch (action.kind) {
    case 'acknowledge':
      incident.status = 'acknowledged';
      tell(draft, incident, 'command', `acknowledged by ${actor}`);
      break;
    case 'resolve':
      resolveIncident(draft, incident, `resolved by ${actor}${suffix(action.resolution)}`, action.resolution);
      break;
    case 'reopen':
      reopenIncident(draft, incident, `by ${actor}`);
      break;
    case 'note':
      tell(draft, incident, 'note', `${actor}: ${action.text}`);
      break;
    case 'pin-cause':
      changeHistory(draft, incident.id, { pin: { service: action.service, causeKind: action.causeKind, actor } });
      tell(draft, incident, 'command', `${actor} pinned ${action.service} as the cause`);
      break;
    case 'split':
      split(draft, incident, command.id, actor, action.alertFingerprints);
      break;
    case 'merge':
      merge(draft, incident, actor, action.otherIncidentId);
      break;
  }
}

function suffix(text: string): string {
  return text === '' ? '' : `: ${text}`;
}

function split(
  draft: Draft,
  from: IncidentState,
  commandId: string,
  actor: string,
  fingerprints: readonly string[],
): void {
  const { state } = draft;
  const members = sortedMembers(state, from.id);
  const moved = members.filter((alert) => fingerprints.includes(alert.fingerprint));
  const kept = members.filter((alert) => !fingerprints.includes(alert.fingerprint));
  state.splits.set(commandId, rememberSplit(commandId, draft.atMs, moved, kept));
  touch(draft, `split/${commandId}`);
  const apart = separateMembers(draft, from, moved, `split off by ${actor}`);
  if (apart === null) return;
  tell(draft, from, 'command', `${actor} split off ${moved.length} alerts into ${apart.id}`);
  tell(draft, apart, 'command', `split off ${from.id} by ${actor}`);
  askEvidence(draft, from);
}

function merge(draft: Draft, incident: IncidentState, actor: string, otherId: string): void {
  const { state } = draft;
  const other = state.incidents.get(otherId);
  if (other === undefined) return;
  // People may change their minds: what contradicts the merge is forgotten.
  const contradicting = sortedMembers(state, otherId).flatMap((alert) => splitsBetween(state, alert, incident.id));
  for (const id of new Set(contradicting)) {
    state.splits.delete(id);
    touch(draft, `split/${id}`);
  }
  moveMembers(draft, other, incident, `merged by ${actor}`);
  tell(draft, incident, 'command', `${actor} merged ${otherId} into this incident`);
  if (state.incidents.has(otherId)) {
    other.mergedInto = incident.id;
    resolveIncident(draft, other, `merged into ${incident.id} by ${actor}`, '');
  }
  askEvidence(draft, incident);
}
