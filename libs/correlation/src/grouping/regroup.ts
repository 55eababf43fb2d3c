/** Looking again at what was put together in a storm, now that evidence is in. */
import { serviceOf } from '../alert/subject.ts';
import { spanFromMembers } from '../incident/ask.ts';
import { forgetIncident, isOpen, tell } from '../incident/life.ts';
import { joinIncident, publishMember, updateQuiet } from '../incident/member.ts';
import { openIncident } from '../incident/open.ts';
import { type Draft, markChanged, moveAlert, touchIncident } from '../state/draft.ts';
import { setEvidence } from '../state/evidence.ts';
import { memberServices, sortedMembers } from '../state/members.ts';
import type { AlertState, CallGraph, IncidentState } from '../state/state.ts';
import { candidateIds } from './candidate.ts';
import { knownGraph, relatedServices } from './graph.ts';
import { firmReason } from './reason.ts';
import { isKeptApart } from './split-memory.ts';

/**
 * Keeps the members that have a firm reason to be with the opening alert; the others, if the graph knows them, get incidents of their
 * own. Returns whether any left. An alert about something the graph does not know stays: nothing tells it apart.
 */
export function regroupIncident(draft: Draft, incident: IncidentState): boolean {
  const { state } = draft;
  incident.regrouped = true;
  touchIncident(draft, incident);
  const graph = knownGraph(state);
  const loose = sortedMembers(state, incident.id).filter((alert) => alert.provisional && alert.key !== incident.anchor);
  for (const alert of loose) moveAlert(draft, alert, null);
  const apart = gather(draft, incident, loose, graph).filter((alert) => {
    const known = graph.services.has(serviceOf(alert.entities));
    if (!known)
      joinIncident(draft, alert, incident, { text: 'storm: no telemetry to tell it apart', provisional: false });
    return known;
  });
  if (apart.length === 0) return false;
  for (const alert of apart) publishMember(draft, alert, incident, 'left');
  spanFromMembers(draft, incident);
  openApart(draft, incident, apart, graph);
  updateQuiet(draft, incident);
  return true;
}

/** Adds every alert that has a firm reason, again and again as each one may give a reason to the next; gives back the rest. */
function gather(draft: Draft, incident: IncidentState, loose: readonly AlertState[], graph: CallGraph): AlertState[] {
  const { state, atMs } = draft;
  let rest = [...loose];
  for (let before = -1; before !== rest.length; ) {
    before = rest.length;
    relate(draft, incident, graph);
    rest = rest.filter((alert) => {
      const reason = firmReason({ state, incident, alert, graph, atMs });
      if (reason !== null) joinIncident(draft, alert, incident, reason);
      return reason === null;
    });
  }
  return rest;
}

/** Brings the disturbed services that speak for the incident up to date with its members. */
export function relate(draft: Draft, incident: IncidentState, graph: CallGraph): void {
  const { state } = draft;
  const evidence = state.evidence.get(incident.id);
  if (evidence === undefined) return;
  const members = memberServices(state, incident.id);
  const related = relatedServices(graph, members, evidence.ranking.disturbedServices, state.config.maxHops);
  setEvidence(state, incident.id, { ...evidence, related });
  draft.touched.add(`evidence/${incident.id}`);
}

/** The first of the rest opens an incident and gathers its own; what is left does the same. */
function openApart(draft: Draft, from: IncidentState, apart: readonly AlertState[], graph: CallGraph): void {
  const evidence = draft.state.evidence.get(from.id);
  const services = memberServices(draft.state, from.id).slice(0, 3).join(', ');
  let rest = [...apart];
  while (rest.length > 0) {
    const [alert, ...others] = rest;
    if (alert === undefined) return;
    const incident = openIncident(draft, { alert, reason: `no disturbed path to ${services}`, detached: true });
    tell(draft, from, 'status', `${alert.name} and what belongs to it went to an incident of their own: no path`);
    if (evidence !== undefined) setEvidence(draft.state, incident.id, evidence);
    rest = gather(draft, incident, others, graph);
    // It was borrowed to gather by; what this incident's own cause is, its own question will tell.
    setEvidence(draft.state, incident.id, null);
  }
}

/**
 * Before its first page: whether the fresh evidence connects this incident with one already known. Then its members go there and no
 * second page is sent.
 */
export function absorbIncident(draft: Draft, incident: IncidentState): boolean {
  const { state, atMs } = draft;
  const anchor = state.alerts.get(incident.anchor);
  if (incident.revision > 0 || incident.detached || anchor === undefined) return false;
  const graph = knownGraph(state);
  const ids = candidateIds(state, anchor, graph);
  // With this evidence those that have none of their own may share a change, too.
  for (const id of state.index.unanswered) ids.add(id);
  const others = [...ids]
    .flatMap((id) => state.incidents.get(id) ?? [])
    .filter((other) => other.id !== incident.id && other.revision > 0 && isOpen(other))
    .filter((other) => !isKeptApart(state, anchor, other.id))
    .sort((a, b) => a.startedAtMs - b.startedAtMs || (a.id < b.id ? -1 : 1));
  for (const other of others) {
    const reason = withFreshEvidence(draft, incident, other, () =>
      firmReason({ state, incident: other, alert: anchor, graph, atMs }),
    );
    if (reason === null) continue;
    moveMembers(draft, incident, other, `${reason.text} (with ${anchor.name})`);
    return true;
  }
  return false;
}

/** Judges the older incident with what the newer one's evidence says is disturbed, too. */
function withFreshEvidence<Result>(
  draft: Draft,
  fresh: IncidentState,
  other: IncidentState,
  judge: () => Result,
): Result {
  const { evidence } = draft.state;
  const old = evidence.get(other.id);
  const news = evidence.get(fresh.id);
  if (news === undefined) return judge();
  const disturbed = [...new Set([...news.ranking.disturbedServices, ...(old?.ranking.disturbedServices ?? [])])].sort();
  const ranking = { ...(old ?? news).ranking, disturbedServices: disturbed };
  evidence.set(other.id, { ...(old ?? news), related: old?.related ?? [], ranking });
  const result = judge();
  if (old === undefined) evidence.delete(other.id);
  else evidence.set(other.id, old);
  return result;
}

/** Moves all members from one incident to another and forgets the first, when it was never published. */
export function moveMembers(draft: Draft, from: IncidentState, to: IncidentState, reason: string): void {
  for (const alert of sortedMembers(draft.state, from.id))
    joinIncident(draft, alert, to, { text: reason, provisional: false });
  if (from.revision === 0) forgetIncident(draft, from);
  markChanged(draft, to, { now: false });
}

/** Moves some members into an incident of their own. */
export function separateMembers(
  draft: Draft,
  from: IncidentState,
  moved: readonly AlertState[],
  reason: string,
): IncidentState | null {
  const [first, ...others] = moved;
  if (first === undefined) return null;
  const incident = openIncident(draft, { alert: first, reason, detached: true });
  for (const alert of others) joinIncident(draft, alert, incident, { text: reason, provisional: false });
  spanFromMembers(draft, from);
  updateQuiet(draft, from);
  updateQuiet(draft, incident);
  return incident;
}
