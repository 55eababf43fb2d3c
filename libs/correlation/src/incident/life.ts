/** The life of an incident: open, acknowledged, resolved, reopened, forgotten. */
import { type Draft, markChanged, touch, touchIncident, wakeAt } from '../state/draft.ts';
import { setEvidence } from '../state/evidence.ts';
import { memberRemoved, membersOf } from '../state/members.ts';
import type { IncidentHistory, IncidentState } from '../state/state.ts';
import { askEvidence } from './ask.ts';

/** Whether alerts may join and evidence is wanted. */
export function isOpen(incident: IncidentState): boolean {
  return incident.status !== 'resolved';
}

const emptyHistory: IncidentHistory = { timeline: [], commands: [], pin: null, resolution: null };
const maxTimeline = 100;
const maxCommands = 20;

/** What was done to the incident so far. */
export function historyOf(draft: Pick<Draft, 'state'>, incidentId: string): IncidentHistory {
  return draft.state.histories.get(incidentId) ?? emptyHistory;
}

/** Replaces parts of an incident's history, keeping it bounded: the newest entries stay. */
export function changeHistory(draft: Draft, incidentId: string, change: Partial<IncidentHistory>): void {
  const history = { ...historyOf(draft, incidentId), ...change };
  draft.state.histories.set(incidentId, {
    ...history,
    timeline: history.timeline.slice(-maxTimeline),
    commands: history.commands.slice(-maxCommands),
  });
  touch(draft, `history/${incidentId}`);
}

/** Adds a line to the incident's own timeline. */
export function tell(draft: Draft, incident: IncidentState, kind: string, text: string): void {
  const { timeline } = historyOf(draft, incident.id);
  changeHistory(draft, incident.id, { timeline: [...timeline, { atMs: draft.atMs, kind, text }] });
  markChanged(draft, incident, { now: false });
}

/** How an incident ended: the line of its timeline, and what is remembered as having ended it. */
export interface Ending {
  readonly why: string;
  readonly resolution: string;
}

/** Ends an incident. Its members stay with it until it is forgotten, so that the same cause reopens it. */
export function resolveIncident(draft: Draft, incident: IncidentState, { why, resolution }: Ending): void {
  dropQuestion(draft, incident);
  incident.status = 'resolved';
  incident.resolvedAtMs = draft.atMs;
  draft.state.index.statusChanged(incident);
  incident.nextAskMs = null;
  changeHistory(draft, incident.id, { resolution });
  tell(draft, incident, 'status', why);
  markChanged(draft, incident, { now: true });
  wakeAt(draft, draft.atMs + draft.config.reopenMs);
}

/** Opens an ended incident again, with its history; evidence is asked afresh. */
export function reopenIncident(draft: Draft, incident: IncidentState, why: string): void {
  incident.status = 'open';
  draft.state.index.statusChanged(incident);
  incident.resolvedAtMs = null;
  incident.scheduleFromMs = draft.atMs;
  incident.quietSinceMs = membersOf(draft.state, incident.id).firing > 0 ? null : draft.atMs;
  changeHistory(draft, incident.id, { resolution: null });
  tell(draft, incident, 'status', `reopened: ${why}`);
  markChanged(draft, incident, { now: true });
  askEvidence(draft, incident);
}

/** Forgets an ended incident and its members. */
export function retireIncident(draft: Draft, incident: IncidentState): void {
  const { state } = draft;
  for (const key of [...membersOf(state, incident.id).keys]) {
    const alert = state.alerts.get(key);
    if (alert !== undefined) memberRemoved(state, incident.id, alert);
    state.alerts.delete(key);
    touch(draft, `alert/${key}`);
  }
  if (incident.revision > 0) draft.effects.push({ kind: 'retire', incidentId: incident.id });
  forgetIncident(draft, incident);
}

/** Removes an incident's own records; its members have gone elsewhere. */
export function forgetIncident(draft: Draft, incident: IncidentState): void {
  const { state } = draft;
  const { id } = incident;
  dropQuestion(draft, incident);
  state.incidents.delete(id);
  setEvidence(state, id, null);
  state.histories.delete(id);
  state.members.delete(id);
  state.index.incidentGone(id);
  draft.changed.delete(id);
  touch(draft, `incident/${id}`, `evidence/${id}`, `history/${id}`);
}

/** Closes the incident's open question: an answer to it is no longer wanted. */
export function dropQuestion(draft: Draft, incident: IncidentState): void {
  if (incident.questionId === null) return;
  draft.state.questions.delete(incident.questionId);
  touch(draft, `question/${incident.questionId}`);
  incident.questionId = null;
  touchIncident(draft, incident);
}
