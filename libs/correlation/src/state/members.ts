/** The derived index of members: kept in step with `alerts`, rebuilt on load. */
import { entityKinds } from '@faultline/model';
import type { AlertState, Members, ScopeState } from './state.ts';

/** The ids of the entities that an alert speaks of, `kind:name`, in the order of `entityKinds`. */
export function entityIds(entities: AlertState['entities']): string[] {
  return entityKinds.flatMap((kind) => (entities[kind] === undefined ? [] : [`${kind}:${entities[kind]}`]));
}

/** The members of an incident; an empty set for one without. */
export function membersOf(state: ScopeState, incidentId: string): Members {
  let members = state.members.get(incidentId);
  if (members === undefined) {
    members = { keys: new Set(), firing: 0, entities: new Map() };
    state.members.set(incidentId, members);
  }
  return members;
}

/** Indexes a new member; with null only makes the incident's index. */
export function memberAdded(state: ScopeState, incidentId: string, alert: AlertState | null): void {
  const members = membersOf(state, incidentId);
  if (alert === null) return;
  members.keys.add(alert.key);
  if (alert.status === 'firing') members.firing += 1;
  for (const id of entityIds(alert.entities)) members.entities.set(id, (members.entities.get(id) ?? 0) + 1);
}

/** Takes a member out of the index. */
export function memberRemoved(state: ScopeState, incidentId: string, alert: AlertState): void {
  const members = membersOf(state, incidentId);
  members.keys.delete(alert.key);
  if (alert.status === 'firing') members.firing -= 1;
  for (const id of entityIds(alert.entities)) {
    const left = (members.entities.get(id) ?? 1) - 1;
    if (left === 0) members.entities.delete(id);
    else members.entities.set(id, left);
  }
}

/** Members by event time, ties by key. Costs a sort: for publishing and ranking only. */
export function sortedMembers(state: ScopeState, incidentId: string): AlertState[] {
  const alerts: AlertState[] = [];
  for (const key of membersOf(state, incidentId).keys) {
    const alert = state.alerts.get(key);
    if (alert !== undefined) alerts.push(alert);
  }
  return alerts.sort((a, b) => a.startsAtMs - b.startsAtMs || (a.key < b.key ? -1 : 1));
}

/** The services that members speak of, sorted. */
export function memberServices(state: ScopeState, incidentId: string): string[] {
  return [...membersOf(state, incidentId).entities.keys()]
    .filter((id) => id.startsWith('service:'))
    .map((id) => id.slice('service:'.length))
    .sort();
}
