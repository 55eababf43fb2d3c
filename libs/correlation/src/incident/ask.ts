/** When evidence is asked for: at once, on the revision schedule, after late news, and before an incident is called over. */
import { contentId, scopeKey } from '@faultline/model';
import { placeOf } from '../alert/subject.ts';
import type { CoreConfig } from '../config.ts';
import { type Draft, touch, touchIncident, wakeAt } from '../state/draft.ts';
import { questionGraceMs } from '../state/due.ts';
import { membersOf } from '../state/members.ts';
import type { IncidentState } from '../state/state.ts';
import { focusOf } from './focus.ts';

/** An incident that lasts is asked about once in this part of its age, and at least this often. */
const steadyShareOfAge = 24;
const steadyMostMs = 3_600_000;

/** Asks the windows, unless a question is open. */
export function askEvidence(draft: Draft, incident: IncidentState): void {
  const { state, atMs, config } = draft;
  if (incident.questionId !== null) return;
  const id = contentId('question', scopeKey(state.scope), incident.id, String(incident.rounds), String(atMs));
  const budgetMs = incident.rounds === 0 ? config.holdBudgetMs : config.answerBudgetMs;
  const startedAtMs = Math.min(Math.max(incident.startedAtMs, atMs - config.maxLookbackMs), atMs);
  const question = {
    id,
    incidentId: incident.id,
    scope: state.scope,
    askedAtMs: atMs,
    deadlineMs: atMs + budgetMs,
    ...draft.ranker.planEvidence({ startedAtMs, nowMs: atMs }),
    focus: focusOf(state, incident),
  };
  state.questions.set(id, question);
  incident.questionId = id;
  incident.nextAskMs = null;
  touch(draft, `question/${id}`);
  touchIncident(draft, incident);
  draft.effects.push({ kind: 'ask', question });
  wakeAt(draft, question.deadlineMs + questionGraceMs);
}

/** The next time after now at which evidence is wanted; null when only news changes that. */
export function nextAskMs(incident: IncidentState, config: CoreConfig, atMs: number): number | null {
  const times = config.revisionScheduleMs.map((offsetMs) => incident.scheduleFromMs + offsetMs).filter((t) => t > atMs);
  if (incident.quietSinceMs !== null) {
    const heldMs = incident.quietSinceMs + config.resolveHoldMs;
    times.push(heldMs > atMs ? heldMs : atMs + config.recheckMs);
  } else if (times.length === 0 && config.steadyAskMs > 0) times.push(atMs + steadyMs(incident, config, atMs));
  return times.length === 0 ? null : Math.min(...times);
}

/** Evidence must not go stale while alerts fire; but what has lasted a day may wait an hour, so that old incidents cost little. */
function steadyMs({ scheduleFromMs }: IncidentState, { steadyAskMs }: CoreConfig, atMs: number): number {
  const ageMs = atMs - scheduleFromMs;
  return Math.max(steadyAskMs, Math.min(Math.floor(ageMs / steadyShareOfAge), steadyMostMs));
}

/** Plans the next question and its tick. */
export function planAsk(draft: Draft, incident: IncidentState): void {
  if (incident.questionId !== null) return;
  incident.nextAskMs = nextAskMs(incident, draft.config, draft.atMs);
  touchIncident(draft, incident);
  if (incident.nextAskMs !== null) wakeAt(draft, incident.nextAskMs);
}

/** Something new came: evidence is asked again soon, if it is not due anyway. */
export function askSoon(draft: Draft, incident: IncidentState): void {
  if (incident.questionId !== null || incident.rounds === 0) return;
  const soonMs = draft.atMs + draft.config.freshAskMs;
  if (incident.nextAskMs !== null && incident.nextAskMs <= soonMs) return;
  incident.nextAskMs = soonMs;
  touchIncident(draft, incident);
  wakeAt(draft, soonMs);
}

/** Sets the event-time span, and the opening alert if it left, from the members: after some of them left. */
export function spanFromMembers(draft: Draft, incident: IncidentState): void {
  const { keys, byStart } = membersOf(draft.state, incident.id);
  const first = byStart.at(0);
  incident.startedAtMs = first?.startsAtMs ?? incident.startedAtMs;
  incident.lastStartMs = byStart.at(-1)?.startsAtMs ?? incident.lastStartMs;
  if (!keys.has(incident.anchor)) {
    incident.anchor = first?.key ?? '';
    draft.state.index.setPlace(incident.id, first === undefined ? '' : placeOf(first.entities));
  }
  touchIncident(draft, incident);
}
