/** What time alone brings about, and when it does so next. */
import { alertDueMs, expireAlerts } from './alert/expire.ts';
import { forgetChanges } from './change.ts';
import { askEvidence, planAsk, questionGraceMs } from './incident/ask.ts';
import { dropQuestion, isOpen, retireIncident } from './incident/life.ts';
import { dueMs } from './incident/publish.ts';
import { type Draft, sortedValues, touch, wakeAt } from './state/draft.ts';
import type { IncidentState, ScopeState } from './state/state.ts';

/** A command's id is remembered this long: a caller has long stopped repeating it. */
const commandMemoryMs = 86_400_000;

/** Takes a tick. */
export function takeTick(draft: Draft): void {
  expireAlerts(draft);
  for (const incident of sortedValues(draft.state.incidents)) tickIncident(draft, incident);
  forgetChanges(draft);
  forgetOld(draft);
}

/** After a tick: asks for the next one, exactly. */
export function planTick(draft: Draft): void {
  const nextMs = nextWakeMs(draft.state);
  if (nextMs !== null) wakeAt(draft, Math.max(nextMs, draft.atMs + 1));
}

function tickIncident(draft: Draft, incident: IncidentState): void {
  const { state, atMs, config } = draft;
  if (!isOpen(incident)) {
    if ((incident.resolvedAtMs ?? 0) + config.reopenMs <= atMs) retireIncident(draft, incident);
    else if (incident.dirty) draft.changed.set(incident.id, false);
    return;
  }
  const question = incident.questionId === null ? undefined : state.questions.get(incident.questionId);
  if (question !== undefined && question.deadlineMs + questionGraceMs <= atMs) {
    dropQuestion(draft, incident);
    planAsk(draft, incident);
  }
  if (incident.nextAskMs !== null && incident.nextAskMs <= atMs) askEvidence(draft, incident);
  if (incident.dirty) draft.changed.set(incident.id, false);
}

function forgetOld(draft: Draft): void {
  const { state, atMs, config } = draft;
  for (const [id, split] of state.splits)
    if (split.atMs + config.splitMemoryMs < atMs) {
      state.splits.delete(id);
      touch(draft, `split/${id}`);
    }
  for (const [id, command] of state.commands)
    if (command.atMs + commandMemoryMs < atMs) {
      state.commands.delete(id);
      touch(draft, `command/${id}`);
    }
}

/** The earliest time at which a tick would do something; null when none would. Costs a walk over the state. */
export function nextWakeMs(state: ScopeState): number | null {
  const times: number[] = [];
  for (const alert of state.alerts.values()) {
    const dueMs = alertDueMs(alert);
    if (dueMs !== null) times.push(dueMs);
  }
  for (const incident of state.incidents.values()) times.push(...incidentTimes(state, incident));
  return times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b));
}

function incidentTimes(state: ScopeState, incident: IncidentState): number[] {
  const question = incident.questionId === null ? undefined : state.questions.get(incident.questionId);
  const times = [
    incident.dirty ? dueMs(state, incident) : null,
    incident.nextAskMs,
    question === undefined ? null : question.deadlineMs + questionGraceMs,
    incident.resolvedAtMs === null ? null : incident.resolvedAtMs + state.config.reopenMs,
  ];
  return times.filter((time) => time !== null);
}
