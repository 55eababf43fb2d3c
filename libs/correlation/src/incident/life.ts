/** The life of an incident: opened, resolved, reopened, forgotten. */
import { contentId, scopeKey } from '@faultline/model';
import type { StepContext } from '../state/context.ts';
import { alertDeadlineMs } from '../state/deadlines.ts';
import { setEvidence, setHistory } from '../state/incident.ts';
import { membersOf, moveMember, removeMember } from '../state/members.ts';
import type { AlertState, IncidentEvent, IncidentState, MemberReason, Resolution, ScopeState } from '../state/state.ts';
import { subjectOf } from '../state/subject.ts';
import { appendTimeline } from './history.ts';
import { joinIncident } from './join.ts';
import { dropQuery, queryEvidence } from './query.ts';

interface OpenOptions {
  readonly alert: AlertState;
  readonly reason: MemberReason;
  /** Split from another incident: it does not go back by itself. */
  readonly detached: boolean;
  /** It holds what nothing connects while too many incidents open. */
  readonly isFlood?: boolean;
}

/** Opens an incident with its first member and reads evidence. The page waits for it, until the hold budget is over. */
export function openIncident(
  step: StepContext,
  { alert, reason, detached, isFlood = false }: OpenOptions,
): IncidentState {
  const { state, atMs, config } = step;
  const incident: IncidentState = {
    id: freeId(state, alert),
    status: 'open',
    revision: 0,
    detectedAtMs: atMs,
    startedAtMs: alert.startsAtMs,
    lastStartMs: alert.startsAtMs,
    anchor: alert.key,
    lastPublishedMs: 0,
    dirty: false,
    dirtySinceMs: 0,
    contentHash: '',
    severity: alert.severity,
    rounds: 0,
    unreadRounds: 0,
    retry: null,
    scheduleFromMs: atMs,
    nextAskMs: null,
    questionId: null,
    holdUntilMs: atMs + config.holdBudgetMs,
    evidenceState: 'pending',
    regrouped: detached,
    detached,
    ...(isFlood && { isFlood }),
    quietSinceMs: null,
    resolvedAtMs: null,
    mergedInto: null,
    concurrent: [],
    triage: null,
    heldBack: null,
  };
  state.incidents.set(incident.id, incident);
  state.index.incidentAdded(incident);
  state.index.setFailureDomain(incident.id, subjectOf(alert.entities).failureDomain);
  joinIncident(step, alert, incident, reason);
  queryEvidence(step, incident);
  step.setTimer(incident.holdUntilMs);
  return incident;
}

/** From the alert that opens it. The same alert may open a second incident after a split, or after the first one was forgotten. */
function freeId({ scope, incidents }: ScopeState, alert: AlertState): string {
  const parts = [scopeKey(scope), alert.key, String(alert.startsAtMs)];
  if (alert.outlived > 0) parts.push(`outlived ${alert.outlived}`);
  for (let n = 0; ; n += 1) {
    const id = contentId('incident', ...parts, ...(n === 0 ? [] : [String(n)]));
    if (!incidents.has(id)) return id;
  }
}

/** Resolves an incident. Its members stay until it is forgotten, so that the same cause reopens it. */
export function resolveIncident(step: StepContext, incident: IncidentState, resolution: Resolution): void {
  incident.status = 'resolved';
  incident.resolvedAtMs = step.atMs;
  step.state.index.statusChanged(incident);
  appendTimeline(step, incident, { kind: 'resolved', resolution }, { resolution, now: true });
  dropQuery(step, incident);
  incident.nextAskMs = null;
  step.setTimer(step.atMs + step.config.reopenMs);
}

/** Opens a resolved incident again with its history, and reads evidence afresh. */
export function reopenIncident(step: StepContext, incident: IncidentState, event: IncidentEvent): void {
  incident.status = 'open';
  step.state.index.statusChanged(incident);
  incident.resolvedAtMs = null;
  incident.scheduleFromMs = step.atMs;
  incident.quietSinceMs = membersOf(step.state, incident.id).firing > 0 ? null : step.atMs;
  appendTimeline(step, incident, event, { resolution: null, now: true });
  queryEvidence(step, incident);
}

/**
 * Forgets a resolved incident and its members for good. A member that still fires is kept: somebody resolved its incident, and repeating it
 * must not page again.
 */
export function tombstoneIncident(step: StepContext, incident: IncidentState): void {
  const { state } = step;
  for (const key of [...membersOf(state, incident.id).keys]) {
    const alert = state.alerts.get(key);
    if (alert?.status === 'firing') release(step, alert);
    else {
      if (alert !== undefined) removeMember(state, incident.id, alert);
      state.alerts.delete(key);
    }
    step.touch(`alert/${key}`);
  }
  countOutlived(step, incident);
  if (incident.revision > 0) step.effects.push({ kind: 'tombstone', incidentId: incident.id });
  forgetIncident(step, incident);
}

/** The alert that opened it may be in another incident by now. The next incident that it opens must have another id. */
function countOutlived(step: StepContext, incident: IncidentState): void {
  const opening = step.state.alerts.get(incident.anchor);
  if (opening === undefined || opening.incidentId === null) return;
  opening.outlived += 1;
  step.touch(`alert/${incident.anchor}`);
}

/** Takes an alert out of an incident that is forgotten. */
function release(step: StepContext, alert: AlertState): void {
  moveMember(step.state, alert, null);
  Object.assign(alert, { reason: null, provisional: false, outlived: alert.outlived + 1 });
  const deadlineMs = alertDeadlineMs(alert);
  if (deadlineMs !== null) step.setTimer(deadlineMs);
}

/** Removes an incident's own records; its members are elsewhere. */
export function forgetIncident(step: StepContext, incident: IncidentState): void {
  const { state } = step;
  const { id } = incident;
  dropQuery(step, incident);
  state.incidents.delete(id);
  setEvidence(state, id, null);
  setHistory(state, id, null);
  state.members.delete(id);
  state.index.incidentGone(id);
  step.changed.delete(id);
  step.touch(`incident/${id}`, `evidence/${id}`, `history/${id}`);
}
