/** What time alone brings about, and when it does so next. */
import { expireAlerts } from './alert/expire.ts';
import { askEvidence, planAsk } from './incident/ask.ts';
import { dropQuestion, isOpen, retireIncident } from './incident/life.ts';
import { type Draft, planTouched, touch, wakeAt } from './state/draft.ts';
import { questionGraceMs } from './state/due.ts';
import type { IncidentState, ScopeState } from './state/state.ts';

/** Takes a tick: looks at what is due, however much there is that is not. */
export function takeTick(draft: Draft): void {
  expireAlerts(draft, takeDue(draft, 'alert/'));
  // An alert that ended may have made its incident due.
  planTouched(draft);
  for (const id of takeDue(draft, 'incident/')) {
    const incident = draft.state.incidents.get(id);
    if (incident !== undefined) tickIncident(draft, incident);
  }
  forgetOld(draft);
}

/** After a tick: asks for the next one, exactly. */
export function planTick(draft: Draft): void {
  const nextMs = nextWakeMs(draft.state);
  if (nextMs !== null) wakeAt(draft, Math.max(nextMs, draft.atMs + 1));
}

/** Takes what is due out of the schedule; gives those whose keys begin so, without that, sorted. */
function takeDue(draft: Draft, prefix: string): string[] {
  for (const key of draft.state.wakes.take(draft.atMs)) draft.due.add(key);
  return [...draft.due]
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length))
    .sort();
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
  const { state, atMs } = draft;
  for (const key of state.memories.take(atMs)) {
    const cut = key.indexOf('/');
    const id = key.slice(cut + 1);
    if (key.startsWith('change/')) state.changes.delete(id);
    else if (key.startsWith('split/')) state.splits.delete(id);
    else state.commands.delete(id);
    touch(draft, key);
  }
}

/** The earliest time at which a tick would do something; null when none would. */
export function nextWakeMs(state: ScopeState): number | null {
  return state.wakes.next();
}
