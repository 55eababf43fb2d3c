/** What people ask of an incident. Each command is done or refused, once, and the revision that follows says which. */
import type { Command, CommandAction, CommandResult, Refusal } from '@faultline/model';
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
  const refused = incident === undefined ? refuse('not-found', 'no such incident') : decide(draft, incident, command);
  const { result } = refused ?? done;
  state.commands.set(command.id, { atMs: draft.atMs, incidentId, result });
  touch(draft, `command/${command.id}`);
  if (incident === undefined) return;
  const { commands } = historyOf(draft, incident.id);
  changeHistory(draft, incident.id, { commands: [...commands, { id: command.id, ...(refused ?? done) }] });
  if (refused === null) act(draft, incident, command);
  markChanged(draft, incident, { now: true });
}

const alertPrefix = 'alert/';

/** A pager knows its alert, not the incident: `alert/<source>/<fingerprint>` means the incident that holds it. */
function incidentIdOf({ state }: Draft, id: string): string {
  if (!id.startsWith(alertPrefix)) return id;
  return state.alerts.get(id.slice(alertPrefix.length))?.incidentId ?? id;
}

type Outcome = Omit<CommandResult, 'id'>;
const done: Outcome = { result: 'done', refusal: null, reason: '' };

function refuse(refusal: Refusal, reason: string): Outcome {
  return { result: 'refused', refusal, reason };
}

/** Why a command cannot be done; null when it can. */
function decide(draft: Draft, incident: IncidentState, { expectedRevision, action }: Command): Outcome | null {
  if (expectedRevision !== null && expectedRevision !== incident.revision) {
    const reason = `the incident is at revision ${incident.revision}, not ${expectedRevision}: read it again`;
    return refuse('stale-revision', reason);
  }
  switch (action.kind) {
    case 'acknowledge':
      return isOpen(incident) ? null : refuse('wrong-state', 'the incident is resolved');
    case 'resolve':
      return isOpen(incident) ? null : refuse('wrong-state', 'the incident is resolved already');
    case 'reopen':
      return decideReopen(incident);
    case 'split':
      return decideSplit(draft, incident, action);
    case 'merge':
      return decideMerge(draft, incident, action);
    default:
      return null;
  }
}

function decideReopen(incident: IncidentState): Outcome | null {
  if (isOpen(incident)) return refuse('wrong-state', 'the incident is not resolved');
  if (incident.mergedInto === null) return null;
  return refuse('wrong-state', `the incident was merged into ${incident.mergedInto}: its alerts are there`);
}

function decideSplit(draft: Draft, incident: IncidentState, action: CommandAction & { kind: 'split' }): Outcome | null {
  const members = sortedMembers(draft.state, incident.id);
  const moved = members.filter((alert) => action.alertFingerprints.includes(alert.fingerprint));
  if (!isOpen(incident)) return refuse('wrong-state', 'the incident is resolved');
  if (moved.length === 0) return refuse('bad-argument', 'none of these alerts is in the incident');
  return moved.length === members.length ? refuse('bad-argument', 'this would take out all alerts') : null;
}

function decideMerge(draft: Draft, incident: IncidentState, action: CommandAction & { kind: 'merge' }): Outcome | null {
  const other = draft.state.incidents.get(action.otherIncidentId);
  if (other === undefined) return refuse('not-found', `no incident ${action.otherIncidentId} in this scope`);
  if (other.id === incident.id) return refuse('bad-argument', 'an incident cannot be merged with itself');
  return isOpen(incident) && isOpen(other) ? null : refuse('wrong-state', 'both incidents have to be open');
}

function act(draft: Draft, incident: IncidentState, command: Command): void {
  const { action, actor } = command;
  switch (action.kind) {
    case 'acknowledge':
      incident.status = 'acknowledged';
      tell(draft, incident, 'command', `acknowledged by ${actor}`);
      break;
    case 'resolve':
      resolveIncident(draft, incident, {
        why: `resolved by ${actor}${suffix(action.resolution)}`,
        resolution: action.resolution || `resolved by ${actor}, who did not say what fixed it`,
      });
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
    const resolution = `merged into ${incident.id}`;
    resolveIncident(draft, other, { why: `${resolution} by ${actor}`, resolution });
  }
  askEvidence(draft, incident);
}
