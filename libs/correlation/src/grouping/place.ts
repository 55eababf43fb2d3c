/** Where a firing alert belongs: an open incident, one that ended within the hour, or a new one. */
import { serviceOf } from '../alert/subject.ts';
import { isOpen, reopenIncident } from '../incident/life.ts';
import { joinIncident } from '../incident/member.ts';
import { openIncident } from '../incident/open.ts';
import type { Draft } from '../state/draft.ts';
import { memberServices } from '../state/members.ts';
import type { AlertState, CallGraph, IncidentState, ScopeState } from '../state/state.ts';
import { candidateIds } from './candidate.ts';
import { knownGraph, nearServices } from './graph.ts';
import { isFirm, judgeReason, type Reason } from './reason.ts';
import { isKeptApart } from './split-memory.ts';

/** Puts the alert where it belongs. */
export function placeAlert(draft: Draft, alert: AlertState): void {
  const found = decideIncident(draft, alert);
  if (found === null) {
    openIncident(draft, { alert, reason: 'opened the incident', detached: false });
    return;
  }
  joinIncident(draft, alert, found.incident, found.reason);
  if (found.incident.status === 'resolved') reopenIncident(draft, found.incident, found.reason.text);
}

interface Found {
  readonly incident: IncidentState;
  readonly reason: Reason;
}

interface Search {
  readonly state: ScopeState;
  readonly alert: AlertState;
  readonly graph: CallGraph;
  readonly atMs: number;
}

/**
 * The incident with the strongest reason; the oldest of equals, then the smallest id. A firm reason leaves a trace in the index; nearness
 * in time, the weakest of all, is looked for among the recent ones, and only when there is no other.
 */
function decideIncident({ state, atMs }: Draft, alert: AlertState): Found | null {
  const search: Search = { state, alert, atMs, graph: knownGraph(state) };
  let best: Found | null = null;
  for (const id of candidateIds(state, alert, search.graph)) {
    const incident = state.incidents.get(id);
    if (incident !== undefined) best = better(search, incident, best);
  }
  if (best !== null && isFirm(best.reason)) return best;
  for (const incident of state.index.recent(atMs - state.config.stormHoldMs))
    if (mayBeOneStorm(search, incident, best)) best = better(search, incident, best);
  return best;
}

function better({ state, alert, graph, atMs }: Search, incident: IncidentState, best: Found | null): Found | null {
  if (isKeptApart(state, alert, incident.id)) return best;
  const reason = judgeReason({ state, incident, alert, graph, atMs });
  return reason !== null && (best === null || isBetter({ incident, reason }, best)) ? { incident, reason } : best;
}

function isBetter(a: Found, b: Found): boolean {
  return (a.reason.strength - b.reason.strength || olderFirst(a.incident, b.incident)) < 0;
}

function olderFirst(a: IncidentState, b: IncidentState): number {
  return a.startedAtMs - b.startedAtMs || (a.id < b.id ? -1 : 1);
}

/** Tells most of them apart at little cost: there may be thousands in the minute of a storm. */
function mayBeOneStorm({ state, alert, graph }: Search, incident: IncidentState, best: Found | null): boolean {
  const { stormGapMs, maxHops } = state.config;
  if (!isOpen(incident) || incident.detached) return false;
  if (best !== null && olderFirst(incident, best.incident) >= 0) return false;
  const { startsAtMs } = alert;
  if (startsAtMs < incident.startedAtMs - stormGapMs || startsAtMs > incident.lastStartMs + stormGapMs) return false;
  const service = serviceOf(alert.entities);
  if (!graph.services.has(service)) return true;
  const known = memberServices(state, incident.id).filter((name) => graph.services.has(name));
  if (known.length === 0) return true;
  const near = nearServices(graph, service, maxHops);
  return known.some((name) => near.has(name));
}
