/** The derived index of members: kept in step with `alerts`, rebuilt on load. What a revision says of all members is read from here. */
import { type Severity, severities } from '@faultline/model';

import { SortedList } from './sorted-list.ts';
import type { AlertState, MemberEvent, Members, ScopeState } from './state.ts';
import { entityIds, serviceOf } from './subject.ts';

const byStart = (a: AlertState, b: AlertState) =>
  a.startsAtMs - b.startsAtMs || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
const byTime = (a: MemberEvent, b: MemberEvent) =>
  a.atMs - b.atMs || (a.name < b.name ? -1 : a.name > b.name ? 1 : a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

/** An index without members. */
export function createMembers(): Members {
  return {
    keys: new Set(),
    firing: 0,
    entities: new Map(),
    byStart: new SortedList(byStart),
    events: new Map(),
    names: new Map(),
    firingBySeverity: new Map(),
    allBySeverity: new Map(),
    services: null,
  };
}

/** The members of an incident; an empty set for one without. */
export function membersOf(state: ScopeState, incidentId: string): Members {
  let members = state.members.get(incidentId);
  if (members === undefined) {
    members = createMembers();
    state.members.set(incidentId, members);
  }
  return members;
}

/** Indexes a new member of an incident. An alert in the index must be taken out before it is changed. */
export function memberAdded(state: ScopeState, incidentId: string, alert: AlertState): void {
  const members = membersOf(state, incidentId);
  addMember(members, alert);
  for (const id of entityIds(alert.entities))
    if (addTo(members.entities, id, 1) === 1) {
      members.services = null;
      state.index.entityAppears(incidentId, id);
    }
}

/** Takes a member out of the index. */
export function memberRemoved(state: ScopeState, incidentId: string, alert: AlertState): void {
  const members = membersOf(state, incidentId);
  removeMember(members, alert);
  for (const id of entityIds(alert.entities))
    if (addTo(members.entities, id, -1) === 0) {
      members.services = null;
      state.index.entityGone(incidentId, id);
    }
}

/** Counts a member in; without its entities. */
export function addMember(members: Members, alert: AlertState): void {
  members.keys.add(alert.key);
  members.byStart.add(alert);
  for (const [verb, event] of eventsOf(alert)) {
    const events = members.events.get(verb) ?? new SortedList(byTime);
    members.events.set(verb, events);
    events.add(event);
  }
  countMember(members, alert, 1);
}

function removeMember(members: Members, alert: AlertState): void {
  members.keys.delete(alert.key);
  members.byStart.remove(alert);
  for (const [verb, event] of eventsOf(alert)) members.events.get(verb)?.remove(event);
  countMember(members, alert, -1);
}

function countMember(members: Members, alert: AlertState, by: 1 | -1): void {
  addTo(members.names, alert.name, by);
  addTo(members.allBySeverity, alert.severity, by);
  if (alert.status !== 'firing') return;
  members.firing += by;
  addTo(members.firingBySeverity, alert.severity, by);
}

/** What the timeline tells of an alert: that it fires, and how it ended. */
function eventsOf({ key, name, entities, status, startsAtMs, endsAtMs }: AlertState): [string, MemberEvent][] {
  const what = { key, name, service: serviceOf(entities) };
  const fires: [string, MemberEvent] = ['fires', { ...what, atMs: startsAtMs }];
  return endsAtMs === null ? [fires] : [fires, [status, { ...what, atMs: endsAtMs }]];
}

/** The new count; one that falls to nothing is forgotten. */
function addTo<Key>(counts: Map<Key, number>, key: Key, by: number): number {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
  return count;
}

/** All members by event time, ties by key. Copies them: for what people do, never for one alert more. */
export function sortedMembers(state: ScopeState, incidentId: string): AlertState[] {
  return firstMembers(state, incidentId, Number.POSITIVE_INFINITY);
}

/** The first members by event time. */
export function firstMembers(state: ScopeState, incidentId: string, most: number): AlertState[] {
  return membersOf(state, incidentId).byStart.slice(0, most);
}

/** The services that members speak of, sorted. */
export function memberServices(state: ScopeState, incidentId: string): readonly string[] {
  const members = membersOf(state, incidentId);
  members.services ??= [...members.entities.keys()]
    .filter((id) => id.startsWith('service:'))
    .map((id) => id.slice('service:'.length))
    .sort();
  return members.services;
}

/** The worst severity of what fires; of all members when nothing does; `info` without members. */
export function worstSeverity({ firing, firingBySeverity, allBySeverity }: Members): Severity {
  const counts = firing > 0 ? firingBySeverity : allBySeverity;
  return severities.find((severity) => counts.has(severity)) ?? 'info';
}
