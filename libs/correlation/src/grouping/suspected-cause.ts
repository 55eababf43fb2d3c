/** Before its first page: whether the fresh evidence suspects the cause of an incident that was paged a moment ago. */
import { isOpen } from '../state/incident.ts';
import type { IncidentState, ScopeState } from '../state/state.ts';
import { causeOf, suspectOf } from './cause.ts';
import { environmentsOf, mayMeet } from './environment.ts';
import { isKeptApart } from './split.ts';
import { viewIncident } from './view.ts';

/** The members of `from` wait in `into` until that one's grouping is decided. Then those without a firm reason leave. */
export interface SuspectedCause {
  readonly kind: 'suspected-cause';
  readonly from: IncidentState;
  readonly into: IncidentState;
  readonly cause: string;
}

/** A guess is worth holding a page for while it is more likely than all others together. */
const leastProbability = 0.5;

/**
 * Joins only an incident whose grouping is not decided yet, so that the guess is judged again by settled evidence. An
 * alert that came before the page would have been held together with it as well. Where both identify the cause, they are here
 * because no path leads from it to this incident.
 */
export function decideSuspectedCause(state: ScopeState, incident: IncidentState): SuspectedCause | null {
  const opening = state.alerts.get(incident.anchor);
  const suspect = suspectOf(state, incident.id);
  if (incident.revision > 0 || incident.detached || opening === undefined || suspect === null) return null;
  if (suspect.probability < leastProbability) return null;
  const { service: cause } = suspect;
  const { environments } = viewIncident(state, incident);
  const [into] = [...state.index.byCause.get(cause)]
    .flatMap((id) => state.incidents.get(id) ?? [])
    .filter((other) => isOpen(other) && other.revision > 0 && !other.regrouped && causeOf(state, other.id) === cause)
    .filter((other) => Math.abs(incident.startedAtMs - other.startedAtMs) <= state.config.stormGapMs)
    .filter((other) => mayMeet(state, environments, environmentsOf(state, other)))
    .filter((other) => !isKeptApart(state, opening, other.id))
    .sort((a, b) => a.startedAtMs - b.startedAtMs || (a.id < b.id ? -1 : 1));
  return into === undefined ? null : { kind: 'suspected-cause', from: incident, into, cause };
}
