/**
 * After its page: whether an incident that suspects the cause of another one belongs to it. The order in which
 * alerts arrive decides which services alert when the page is made; the grouping must not depend on it.
 */

import { isOpen } from '../state/incident.ts';
import type { IncidentState, ScopeState } from '../state/state.ts';
import { causeOf, suspectOf } from './cause.ts';
import { type Connected, connectionOf } from './connected.ts';
import { nearServices } from './graph.ts';
import { type Knowledge, knowledgeOf } from './reason.ts';
import { isAnyKeptApart } from './split.ts';
import { viewIncident } from './view.ts';

/** The incident whose evidence just came in may be the one that leaves, or the one that takes another in. */
export function decideLateConnected(state: ScopeState, incident: IncidentState, atMs: number): Connected | null {
  const known = knowledgeOf(state, atMs);
  const pairs = incidentsNear(state, known, incident).map((other) =>
    isGuestOf(state, incident, other) ? { from: incident, into: other } : { from: other, into: incident },
  );
  for (const { from, into } of pairs) {
    const connected = connect(state, known, from, into);
    if (connected !== null) return connected;
  }
  return null;
}

/** Without a cause of its own it can only be a guest. Where both name one cause, the younger one is. */
function isGuestOf(state: ScopeState, incident: IncidentState, other: IncidentState): boolean {
  const cause = causeOf(state, incident.id);
  return cause === null || (causeOf(state, other.id) === cause && byStart(other, incident) < 0);
}

/** Those with a member that this incident's alerts, or services near them, name. Found without looking at all incidents. */
function incidentsNear(state: ScopeState, { config, graphOf }: Knowledge, incident: IncidentState): IncidentState[] {
  const view = viewIncident(state, incident);
  const graph = graphOf([]);
  const near = view.servicesIn(graph.services).flatMap((name) => [...nearServices(graph, name, config.maxHops)]);
  return incidentsOf(
    state,
    new Set([...new Set(near)].flatMap((name) => [...state.index.byEntity.get(`service:${name}`)])),
  );
}

function incidentsOf(state: ScopeState, ids: Iterable<string>): IncidentState[] {
  return [...ids].flatMap((id) => state.incidents.get(id) ?? []).sort(byStart);
}

const byStart = (a: IncidentState, b: IncidentState): number => a.startedAtMs - b.startedAtMs || (a.id < b.id ? -1 : 1);

function connect(state: ScopeState, known: Knowledge, from: IncidentState, into: IncidentState): Connected | null {
  const opening = state.alerts.get(from.anchor);
  if (opening === undefined || from.id === into.id || !mayLeave(from) || !mayTakeIn(into)) return null;
  const cause = causeOf(state, into.id);
  const own = causeOf(state, from.id);
  if (cause === null || (own ?? suspectOf(state, from.id)?.service) !== cause) return null;
  if (isAnyKeptApart(state, from.id, into.id)) return null;
  return connectionOf(known, { from, into, opening, view: viewIncident(state, into) });
}

/** Somebody who acknowledged or split it works on it as it is. A first ranking may be wrong, so it must be settled. */
const mayLeave = (incident: IncidentState): boolean =>
  isPagedAndSettled(incident) && incident.status !== 'acknowledged' && !incident.detached;

const mayTakeIn = (incident: IncidentState): boolean => isPagedAndSettled(incident) && incident.isFlood !== true;

const isPagedAndSettled = (incident: IncidentState): boolean =>
  isOpen(incident) && incident.revision > 0 && incident.evidenceState === 'settled';
