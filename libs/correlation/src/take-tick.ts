/** Takes a tick: everything that time alone brings about, and when it does so next. */
import { type EvidenceQuery, type EvidenceResult, emptyEvidenceResult } from '@faultline/model';
import { resolveIncident, tombstoneIncident } from './incident/life.ts';
import { memberChanged } from './incident/members.ts';
import { dropQuery, planQuery, queryEvidence } from './incident/query.ts';
import { decideRecovery } from './incident/recovery.ts';
import type { StepContext } from './state/context.ts';
import { alertDeadlineMs, forgetDeadlineMs, queryGraceMs } from './state/deadlines.ts';
import { isOpen } from './state/incident.ts';
import type { IncidentState, ScopeState } from './state/state.ts';
import { takeEvidence } from './take-evidence.ts';
import { tickHeartbeat } from './take-heartbeat.ts';

/** Costs what is due, however much there is that is not. */
export function takeTick(step: StepContext): void {
  for (const key of step.takeDue('alert/')) tickAlert(step, key);
  for (const key of step.takeDue('heartbeat/')) tickHeartbeat(step, key);
  // An alert that expired may have made its incident due.
  step.planTimers();
  for (const id of step.takeDue('incident/')) {
    const incident = step.state.incidents.get(id);
    if (incident !== undefined) tickIncident(step, incident);
  }
  removeExpired(step);
}

/** After a tick: sets the timer for the next one. */
export function planTick(step: StepContext): void {
  const nextMs = nextDeadlineMs(step.state);
  if (nextMs !== null) step.setTimer(Math.max(nextMs, step.atMs + 1));
}

/** The earliest time at which a tick would do something; null when none would. */
export function nextDeadlineMs(state: ScopeState): number | null {
  return state.timers.next();
}

/** Expires an alert whose source no longer repeats it, and forgets one that ended and is in no incident. */
function tickAlert(step: StepContext, key: string): void {
  const { state, atMs } = step;
  const alert = state.alerts.get(key);
  const deadlineMs = alert === undefined ? null : alertDeadlineMs(alert);
  if (alert === undefined || deadlineMs === null || deadlineMs > atMs) return;
  if (alert.status === 'firing') {
    step.changeAlert(alert, { status: 'expired', endsAtMs: atMs });
    memberChanged(step, alert);
  } else {
    state.alerts.delete(key);
    step.touch(`alert/${key}`);
  }
}

function tickIncident(step: StepContext, incident: IncidentState): void {
  const { state, atMs } = step;
  if (!isOpen(incident)) {
    const forgetMs = forgetDeadlineMs(state, incident);
    if (forgetMs !== null && forgetMs <= atMs) tombstoneIncident(step, incident);
    else {
      if (incident.dirty) step.changed.set(incident.id, false);
      endHold(step, incident);
    }
    return;
  }
  const query = incident.questionId === null ? undefined : state.queries.get(incident.questionId);
  if (query !== undefined && query.deadlineMs + queryGraceMs <= atMs) {
    giveUp(step, incident, query);
    if (!isOpen(incident)) return;
  }
  if (incident.nextAskMs !== null && incident.nextAskMs <= atMs) {
    if (incident.isFlood === true) endFlood(step, incident);
    else queryEvidence(step, incident);
  }
  endHold(step, incident);
  if (incident.dirty) step.changed.set(incident.id, false);
}

/** The window of a rule is over: what it held back is decided again, and told. */
function endHold(step: StepContext, incident: IncidentState): void {
  const { heldBack } = incident;
  if (heldBack === null || heldBack.untilMs === null || heldBack.untilMs > step.atMs) return;
  incident.heldBack = { ...heldBack, untilMs: null };
  step.markChanged(incident, { now: true });
}

/** No evidence is read for a flood, so it ends by the time since its last alert alone. */
function endFlood(step: StepContext, incident: IncidentState): void {
  const { quietSinceMs } = incident;
  const quietMs = quietSinceMs === null ? 0 : step.atMs - quietSinceMs;
  const resolution =
    quietSinceMs === null ? null : decideRecovery({ quietMs, reachable: false, degraded: false }, step.config);
  if (resolution === null) planQuery(step, incident);
  else resolveIncident(step, incident, resolution);
}

/** Nobody answered in time: the same as a store that could not be read. Releases that did not read again made nothing of it. */
function giveUp(step: StepContext, incident: IncidentState, query: EvidenceQuery): void {
  if (step.config.retryAskMs > 0) takeEvidence(step, unanswered(query));
  else {
    dropQuery(step, incident);
    planQuery(step, incident);
  }
}

function unanswered({ id, incidentId, slices }: EvidenceQuery): EvidenceResult {
  const missing = [{ part: 'store', code: 'timeout', detail: '' }] as const;
  return { ...emptyEvidenceResult, questionId: id, incidentId, slices, missing };
}

function dropChange(state: ScopeState, id: string): void {
  state.changes.delete(id);
  state.changeIndex.delete(id);
  state.joinedChanges = null;
}

function dropFinding(state: ScopeState, id: string): void {
  state.findings.delete(id);
  state.findingsByKey = null;
}

/** Removes changes, findings, splits and command ids whose time to live is over. */
function removeExpired(step: StepContext): void {
  const { state, atMs } = step;
  for (const key of state.expiry.take(atMs)) {
    const slash = key.indexOf('/');
    const id = key.slice(slash + 1);
    if (key.startsWith('change/')) dropChange(state, id);
    else if (key.startsWith('finding/')) dropFinding(state, id);
    else if (key.startsWith('split/')) state.splits.delete(id);
    else state.commands.delete(id);
    step.touch(key);
  }
}
