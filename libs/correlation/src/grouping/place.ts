/** Decides where a firing alert belongs: an open incident, one that was resolved within the hour, or a new one. */
import type { AlertState, FloodReason, IncidentState, ScopeState } from '../state/state.ts';
import { candidateIds } from './candidate.ts';
import { decideFlood } from './flood.ts';
import { isProvisional, type JoinReason, joinReason, type Knowledge, knowledgeOf, strengthOf } from './reason.ts';
import { isKeptApart } from './split.ts';
import { mayShareStorm, recentIncidents, traitCandidates } from './storm.ts';
import { viewIncident } from './view.ts';

export type Placement =
  | { readonly kind: 'open'; readonly flood: FloodReason | null }
  | { readonly kind: 'join'; readonly incident: IncidentState; readonly reason: JoinReason | FloodReason };
interface Join {
  readonly kind: 'join';
  readonly incident: IncidentState;
  readonly reason: JoinReason;
}

/**
 * The incident with the strongest reason; among equals the oldest, then the smallest id. A firm reason leaves a trace in the index.
 * Nearness in time, the weakest of all, is looked for among recent incidents, and only when there is no firm reason.
 */
export function decidePlacement(state: ScopeState, alert: AlertState, atMs: number): Placement {
  const known = knowledgeOf(state, atMs);
  let best: Join | null = null;
  for (const id of candidateIds(state, alert, known.graphOf([]))) {
    const incident = state.incidents.get(id);
    if (incident !== undefined) best = better(best, judge(state, known, incident, alert));
  }
  if (best !== null && !isProvisional(best.reason)) return best;
  for (const incident of traitCandidates(state, alert, atMs)) best = better(best, judge(state, known, incident, alert));
  for (const incident of recentIncidents(state, atMs)) {
    // Among equal reasons only an older incident is better.
    if (best !== null && olderFirst(incident, best.incident) >= 0) continue;
    if (mayShareStorm(state, known, incident, alert)) best = better(best, judge(state, known, incident, alert));
  }
  return best ?? placeAlone(state, alert, atMs);
}

/** Nothing connects the alert with an incident. */
function placeAlone(state: ScopeState, alert: AlertState, atMs: number): Placement {
  const flood = decideFlood(state, alert, atMs);
  if (flood === null || flood.into === null) return { kind: 'open', flood: flood?.reason ?? null };
  return { kind: 'join', incident: flood.into, reason: flood.reason };
}

function judge(state: ScopeState, known: Knowledge, incident: IncidentState, alert: AlertState): Join | null {
  // What shares an entity with one of thousands of strangers deserves an incident of its own.
  if (incident.isFlood === true && alert.incidentId !== incident.id) return null;
  const reason = joinReason(known, viewIncident(state, incident), alert);
  if (reason === null || isKeptApart(state, alert, incident.id)) return null;
  return { kind: 'join', incident, reason };
}

function better(one: Join | null, other: Join | null): Join | null {
  if (one === null || other === null) return one ?? other;
  const order = strengthOf(one.reason) - strengthOf(other.reason) || olderFirst(one.incident, other.incident);
  return order <= 0 ? one : other;
}

function olderFirst(a: IncidentState, b: IncidentState): number {
  return a.startedAtMs - b.startedAtMs || (a.id < b.id ? -1 : 1);
}
