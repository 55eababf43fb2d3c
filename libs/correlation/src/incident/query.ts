/** When evidence is read: at once, on the revision schedule, after late news, and before an incident is resolved. */
import { contentId, incidentTraits, scopeKey, traitsOf } from '@faultline/model';
import type { CoreConfig } from '../state/config.ts';
import type { StepContext } from '../state/context.ts';
import { queryGraceMs } from '../state/deadlines.ts';
import { isOpen } from '../state/incident.ts';
import { judgementOf } from '../state/judgement.ts';
import { membersOf } from '../state/members.ts';
import type { IncidentState, ScopeState } from '../state/state.ts';
import type { Completeness } from './completeness.ts';
import { focusOf } from './focus.ts';

/** A long incident is asked about once in this part of its age, and at least once in an hour. */
const steadyShareOfAge = 24;
const maxSteadyMs = 3_600_000;

/** Reads evidence now, unless a query is open. */
export function queryEvidence(step: StepContext, incident: IncidentState): void {
  const { state, atMs, config } = step;
  if (incident.questionId !== null || incident.isFlood === true) return;
  // The first part is a persisted name: a replayed journal must lead to the same ids.
  const id = contentId('question', scopeKey(state.scope), incident.id, String(incident.rounds), String(atMs));
  const budgetMs = incident.rounds === 0 ? config.holdBudgetMs : config.answerBudgetMs;
  const startedAtMs = Math.min(Math.max(incident.startedAtMs, atMs - config.maxLookbackMs), atMs);
  const query = {
    id,
    incidentId: incident.id,
    scope: state.scope,
    askedAtMs: atMs,
    deadlineMs: atMs + budgetMs,
    ...step.ranker.planEvidence({ startedAtMs, nowMs: atMs }),
    focus: focusOf(state, incident),
    traits: traitsSoFar(state, incident),
    ...(state.scope.environment === '' ? { environments: namedBy(state, incident) } : {}),
  };
  state.queries.set(id, query);
  incident.questionId = id;
  incident.nextAskMs = null;
  step.touch(`question/${id}`);
  step.touchIncident(incident);
  step.effects.push({ kind: 'query', query });
  step.setTimer(query.deadlineMs + queryGraceMs);
}

/** Before the first result an incident is known by its alerts, and by the services that they name: those may be on the path. */
function traitsSoFar(state: ScopeState, { id }: IncidentState): readonly string[] {
  const { names, services } = membersOf(state, id);
  const judgement = judgementOf(state, id) ?? { verdict: 'inconclusive', hypotheses: [] };
  const changes = state.evidence.get(id)?.ranking.changes ?? [];
  const traits = incidentTraits({ ...judgement, changes, alertNames: names.keys() });
  return judgement.verdict === 'identified' ? traits : [...traitsOf('path', services), ...traits];
}

/** The environments that members name, sorted. The store decides which are read. */
function namedBy(state: ScopeState, { id }: IncidentState): readonly string[] {
  return [...membersOf(state, id).environments.keys()].sort();
}

/** Closes the incident's open query: its result is no longer wanted. */
export function dropQuery(step: StepContext, incident: IncidentState): void {
  if (incident.questionId === null) return;
  step.state.queries.delete(incident.questionId);
  step.touch(`question/${incident.questionId}`);
  incident.questionId = null;
  step.touchIncident(incident);
}

/** The next time after now at which evidence is wanted; null when only news changes that. */
export function nextQueryMs(incident: IncidentState, config: CoreConfig, atMs: number): number | null {
  const schedule = isBeyondEvidence(incident, config) ? [] : config.revisionScheduleMs;
  const times = schedule.map((offsetMs) => incident.scheduleFromMs + offsetMs).filter((t) => t > atMs);
  if (incident.quietSinceMs !== null) {
    const heldMs = incident.quietSinceMs + config.resolveHoldMs;
    times.push(heldMs > atMs ? heldMs : atMs + config.recheckMs);
  } else if (times.length === 0 && config.steadyAskMs > 0) times.push(atMs + steadyMs(incident, config, atMs));
  const retryMs = retryDelayMs(incident, config);
  if (retryMs !== null) times.push(atMs + retryMs);
  return times.length === 0 ? null : Math.min(...times);
}

/**
 * Whether more evidence tells nothing: the incident had begun before evidence reaches back when it came, as an alert that had fired for
 * days. No evidence names its cause, so settled evidence is read once, and incidents that just began do not wait for it.
 */
function isBeyondEvidence({ startedAtMs, scheduleFromMs, evidenceState }: IncidentState, config: CoreConfig): boolean {
  return evidenceState === 'settled' && startedAtMs < scheduleFromMs - config.maxLookbackMs;
}

/** How soon evidence that could not be read in full is read again: each time after twice as long. Null: not sooner than planned. */
export function retryDelayMs(
  { retry }: Pick<IncidentState, 'retry'>,
  { retryAskMs, maxRetryAskMs }: Pick<CoreConfig, 'retryAskMs' | 'maxRetryAskMs'>,
): number | null {
  if (retry === null || retryAskMs === 0) return null;
  return Math.min(maxRetryAskMs, retryAskMs * 2 ** Math.min(retry.tries - 1, maxDoublings));
}

/** Keeps the power finite. */
const maxDoublings = 20;

/** After a result: whether to read again soon. */
export function noteRetry(
  step: StepContext,
  incident: IncidentState,
  completeness: Completeness,
  askedAtMs: number,
): void {
  if (completeness === 'unread') incident.unreadRounds += 1;
  const { sinceMs = askedAtMs, tries = 0 } = incident.retry ?? {};
  incident.retry = completeness === 'full' ? null : { sinceMs, tries: tries + 1 };
  step.touchIncident(incident);
}

/** Evidence must not grow stale while alerts fire. What has lasted a day may wait an hour, so that old incidents cost little. */
function steadyMs({ scheduleFromMs }: IncidentState, { steadyAskMs }: CoreConfig, atMs: number): number {
  const ageMs = atMs - scheduleFromMs;
  return Math.max(steadyAskMs, Math.min(Math.floor(ageMs / steadyShareOfAge), maxSteadyMs));
}

/** Updates since when no member fires, and plans the query whether the signals recovered. `firing`: how many members fire now. */
export function updateQuiet(step: StepContext, incident: IncidentState, firing: number): void {
  const isQuiet = firing === 0;
  if (isQuiet === (incident.quietSinceMs !== null) || !isOpen(incident)) return;
  incident.quietSinceMs = isQuiet ? step.atMs : null;
  step.touchIncident(incident);
  planQuery(step, incident);
}

/** Plans the next query and its tick. */
export function planQuery(step: StepContext, incident: IncidentState): void {
  if (incident.questionId !== null) return;
  const nextMs = nextQueryMs(incident, step.config, step.atMs);
  incident.nextAskMs = nextMs;
  step.touchIncident(incident);
  if (nextMs !== null) step.setTimer(nextMs);
}

/** Something new arrived: evidence is read again soon, unless that is planned for earlier. */
export function querySoon(step: StepContext, incident: IncidentState): void {
  if (incident.questionId !== null || incident.rounds === 0) return;
  const soonMs = step.atMs + step.config.freshAskMs;
  if (incident.nextAskMs !== null && incident.nextAskMs <= soonMs) return;
  incident.nextAskMs = soonMs;
  step.touchIncident(incident);
  step.setTimer(soonMs);
}
