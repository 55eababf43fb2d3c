/**
 * The members of each incident, derived from the alerts: kept in step with them and made again on load. Everything that a revision says
 * of all members is read from here, without looking at each of them.
 */
import { type Severity, severities } from '@faultline/model';
import { SortedList } from './sorted-list.ts';
import type { AlertState, ScopeState } from './state.ts';
import { subjectOf } from './subject.ts';
import { traitKeys } from './traits.ts';

/** Something that happened to a member: it fired, or ended. */
export interface MemberEvent {
  readonly key: string;
  readonly atMs: number;
  readonly name: string;
  readonly service: string;
}

const byStart = (a: AlertState, b: AlertState) =>
  a.startsAtMs - b.startsAtMs || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
const byTime = (a: MemberEvent, b: MemberEvent) =>
  a.atMs - b.atMs || (a.name < b.name ? -1 : a.name > b.name ? 1 : a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

/** The members of one incident. A member must be removed before it is changed, and added again afterwards. */
export class Members {
  readonly keys = new Set<string>();
  /** `kind:name` of the members' entities, and the keys of their traits -> how many members have it. */
  readonly entities = new Map<string, number>();
  /** By event time, ties by key. */
  readonly byStart = new SortedList(byStart);
  /** `fires`, `resolved`, `expired` -> when that happened. */
  readonly events = new Map<string, SortedList<MemberEvent>>();
  readonly names = new Map<string, number>();
  /** The environments that members name -> how many members name it. */
  readonly environments = new Map<string, number>();
  /** What members are about, `kind:name` -> how many members. */
  readonly subjects = new Map<string, number>();
  readonly #firingBySeverity = new Map<Severity, number>();
  readonly #allBySeverity = new Map<Severity, number>();
  readonly #services: string[] = [];
  /** Those of them that are in `#graphServices`, sorted. */
  #servicesInGraph: string[] = [];
  #graphServices: ReadonlySet<string> = new Set();
  #firing = 0;

  get firing(): number {
    return this.#firing;
  }

  /** The services that members name, sorted. Changes with the members. */
  get services(): readonly string[] {
    return this.#services;
  }

  /** Those of them that a call graph knows, sorted. Kept for the last graph, since a storm asks again with each alert. */
  servicesIn(graphServices: ReadonlySet<string>): readonly string[] {
    if (this.#graphServices !== graphServices) {
      this.#graphServices = graphServices;
      this.#servicesInGraph = this.#services.filter((name) => graphServices.has(name));
    }
    return this.#servicesInGraph;
  }

  /** When the last member ended, ms. Null: one still fires, or none ended. */
  get lastEndMs(): number | null {
    if (this.#firing > 0) return null;
    const ends = ['resolved', 'expired'].map((verb) => this.events.get(verb)?.at(-1)?.atMs ?? 0);
    return Math.max(...ends) || null;
  }

  /** The worst severity of what fires; of all members when nothing does; `info` without members. */
  get worstSeverity(): Severity {
    const counts = this.#firing > 0 ? this.#firingBySeverity : this.#allBySeverity;
    return severities.find((severity) => counts.has(severity)) ?? 'info';
  }

  /** The first members by event time. */
  first(most: number): AlertState[] {
    return this.byStart.slice(0, most);
  }

  /** All members by event time. Copies them: for what people do, never for one alert more. */
  all(): AlertState[] {
    return this.first(Number.POSITIVE_INFINITY);
  }

  /** Returns the entities that no member named before. */
  add(alert: AlertState): string[] {
    this.keys.add(alert.key);
    this.byStart.add(alert);
    for (const [verb, event] of eventsOf(alert)) {
      const events = this.events.get(verb) ?? new SortedList(byTime);
      this.events.set(verb, events);
      events.add(event);
    }
    this.#count(alert, 1);
    const appeared = this.#countEntities(alert, 1).filter((id) => this.entities.get(id) === 1);
    for (const name of serviceNames(appeared)) {
      insertSorted(this.#services, name);
      if (this.#graphServices.has(name)) insertSorted(this.#servicesInGraph, name);
    }
    return appeared;
  }

  /** Returns the entities that no member names any longer. */
  remove(alert: AlertState): string[] {
    this.keys.delete(alert.key);
    this.byStart.remove(alert);
    for (const [verb, event] of eventsOf(alert)) this.events.get(verb)?.remove(event);
    this.#count(alert, -1);
    const gone = this.#countEntities(alert, -1).filter((id) => !this.entities.has(id));
    for (const name of serviceNames(gone)) {
      removeSorted(this.#services, name);
      removeSorted(this.#servicesInGraph, name);
    }
    return gone;
  }

  #count(alert: AlertState, by: 1 | -1): void {
    addTo(this.names, alert.name, by);
    if (alert.environment !== '') addTo(this.environments, alert.environment, by);
    addTo(this.subjects, subjectOf(alert.entities).id, by);
    addTo(this.#allBySeverity, alert.severity, by);
    if (alert.status !== 'firing') return;
    this.#firing += by;
    addTo(this.#firingBySeverity, alert.severity, by);
  }

  #countEntities(alert: AlertState, by: 1 | -1): readonly string[] {
    const ids = [...subjectOf(alert.entities).entityIds, ...traitKeys(alert)];
    for (const id of ids) addTo(this.entities, id, by);
    return ids;
  }
}

/** What the timeline shows of an alert: that it fires, and how it ended. */
function eventsOf({ key, name, entities, status, startsAtMs, endsAtMs }: AlertState): [string, MemberEvent][] {
  const what = { key, name, service: subjectOf(entities).service };
  const fires: [string, MemberEvent] = ['fires', { ...what, atMs: startsAtMs }];
  return endsAtMs === null ? [fires] : [fires, [status, { ...what, atMs: endsAtMs }]];
}

const servicePrefix = 'service:';

function serviceNames(ids: readonly string[]): readonly string[] {
  return ids.filter((id) => id.startsWith(servicePrefix)).map((id) => id.slice(servicePrefix.length));
}

function insertSorted(names: string[], name: string): void {
  const at = positionOf(names, name);
  if (names[at] !== name) names.splice(at, 0, name);
}

function removeSorted(names: string[], name: string): void {
  const at = positionOf(names, name);
  if (names[at] === name) names.splice(at, 1);
}

/** Where a name is, or belongs. */
function positionOf(names: readonly string[], name: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((names[middle] ?? '') < name) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Removes a count that falls to zero. */
function addTo<Key>(counts: Map<Key, number>, key: Key, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}

/** The members of an incident; empty for one without. */
export function membersOf(state: Pick<ScopeState, 'members'>, incidentId: string): Members {
  const known = state.members.get(incidentId);
  if (known !== undefined) return known;
  const members = new Members();
  state.members.set(incidentId, members);
  return members;
}

/** Adds a member to an incident, and to the index of incidents. */
export function addMember(state: ScopeState, incidentId: string, alert: AlertState): void {
  for (const id of membersOf(state, incidentId).add(alert)) state.index.entityAppears(incidentId, id);
}

/** Removes a member from an incident, and from the index of incidents. */
export function removeMember(state: ScopeState, incidentId: string, alert: AlertState): void {
  for (const id of membersOf(state, incidentId).remove(alert)) state.index.entityGone(incidentId, id);
}

/** Moves an alert from its incident to another one; null: to none. The caller marks the record as touched. */
export function moveMember(state: ScopeState, alert: AlertState, incidentId: string | null): void {
  if (alert.incidentId !== null) removeMember(state, alert.incidentId, alert);
  alert.incidentId = incidentId;
  if (incidentId !== null) addMember(state, incidentId, alert);
}
