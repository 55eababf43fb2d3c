import { contentId, scopeKey } from '@faultline/model';
import { placeOf } from '../alert/subject.ts';
import { type Draft, wakeAt } from '../state/draft.ts';
import type { AlertState, IncidentState } from '../state/state.ts';
import { askEvidence } from './ask.ts';
import { joinIncident } from './member.ts';

export interface OpenOptions {
  readonly alert: AlertState;
  readonly reason: string;
  /** Told apart from its former incident: it does not go back by itself. */
  readonly detached: boolean;
}

/** Opens an incident with its first member and asks for evidence. The page is held until the answer or the end of the hold budget. */
export function openIncident(draft: Draft, { alert, reason, detached }: OpenOptions): IncidentState {
  const { state, atMs, config } = draft;
  const incident: IncidentState = {
    id: freeId(draft, alert),
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
    scheduleFromMs: atMs,
    nextAskMs: null,
    questionId: null,
    holdUntilMs: atMs + config.holdBudgetMs,
    evidenceState: 'pending',
    regrouped: detached,
    detached,
    quietSinceMs: null,
    resolvedAtMs: null,
    mergedInto: null,
  };
  state.incidents.set(incident.id, incident);
  state.index.incidentAdded(incident);
  state.index.setPlace(incident.id, placeOf(alert.entities));
  joinIncident(draft, alert, incident, { text: reason, provisional: false });
  askEvidence(draft, incident);
  wakeAt(draft, incident.holdUntilMs);
  return incident;
}

/** From the alert that opens it. The same alert may open a second one, after a split. */
function freeId({ state }: Draft, alert: AlertState): string {
  const parts = [scopeKey(state.scope), alert.key, String(alert.startsAtMs)];
  for (let n = 0; ; n += 1) {
    const id = contentId('incident', ...parts, ...(n === 0 ? [] : [String(n)]));
    if (!state.incidents.has(id)) return id;
  }
}
