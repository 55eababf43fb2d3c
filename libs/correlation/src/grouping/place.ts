/** Decides where a firing alert belongs: an open incident, one that was resolved within the hour, or a new one. */
import { isOpen } from '../state/incident.ts';
import { memberServices } from '../state/members.ts';
import type { AlertState, IncidentState, ScopeState } from '../state/state.ts';
import { candidateIds } from './candidate.ts';
import { knownGraph, nearServices } from './graph.ts';
import { isProvisional, type JoinReason, joinReason, type Knowledge, strengthOf } from './reason.ts';
import { isKeptApart } from './split.ts';
import { type AlertView, viewAlert, viewIncident } from './view.ts';

export type Placement =
  | { readonly kind: 'open' }
  | { readonly kind: 'join'; readonly incident: IncidentState; readonly reason: JoinReason };

/**
 * The incident with the strongest reason; among equals the oldest, then the smallest id. A firm reason leaves a trace in the index.
 * Nearness in time, the weakest of all, is looked for among recent incidents, and only when there is no firm reason.
 */
export function decidePlacement(state: ScopeState, alertState: AlertState, atMs: number): Placement {
  const alert = viewAlert(alertState);
  const known: Knowledge = { config: state.config, changes: state.changes, graph: knownGraph(state), atMs };
  let best: Join | null = null;
  for (const id of candidateIds(state, alert, known.graph)) {
    const incident = state.incidents.get(id);
    if (incident !== undefined) best = better(state, known, { incident, alert, best });
  }
  if (best !== null && !isProvisional(best.reason)) return best;
  for (const incident of state.index.recent(atMs - state.config.stormHoldMs))
    if (mayShareStorm(state, known, { incident, alert, best })) best = better(state, known, { incident, alert, best });
  return best ?? { kind: 'open' };
}

type Join = Extract<Placement, { kind: 'join' }>;

interface Comparison {
  readonly incident: IncidentState;
  readonly alert: AlertView;
  readonly best: Join | null;
}

function better(state: ScopeState, known: Knowledge, { incident, alert, best }: Comparison): Join | null {
  if (isKeptApart(state, alert.alert, incident.id)) return best;
  const reason = joinReason(known, viewIncident(state, incident), alert);
  if (reason === null) return best;
  const found: Join = { kind: 'join', incident, reason };
  return best === null || isBetter(found, best) ? found : best;
}

function isBetter(a: Join, b: Join): boolean {
  return (strengthOf(a.reason) - strengthOf(b.reason) || olderFirst(a.incident, b.incident)) < 0;
}

function olderFirst(a: IncidentState, b: IncidentState): number {
  return a.startedAtMs - b.startedAtMs || (a.id < b.id ? -1 : 1);
}

/** Rules out most incidents at little cost: there may be thousands in the minute of a storm. */
function mayShareStorm(
  state: ScopeState,
  { graph, config }: Knowledge,
  { incident, alert, best }: Comparison,
): boolean {
  if (!isOpen(incident) || incident.detached) return false;
  if (best !== null && olderFirst(incident, best.incident) >= 0) return false;
  const { startsAtMs } = alert.alert;
  if (startsAtMs < incident.startedAtMs - config.stormGapMs) return false;
  if (startsAtMs > incident.lastStartMs + config.stormGapMs) return false;
  if (!graph.services.has(alert.service)) return true;
  const members = memberServices(state, incident.id).filter((name) => graph.services.has(name));
  if (members.length === 0) return true;
  const near = nearServices(graph, alert.service, config.maxHops);
  return members.some((name) => near.has(name));
}
