/** What grouping reads of an incident. A view can show it with other evidence, or other members, than the state has. */
import { type Members, membersOf } from '../state/members.ts';
import type { AlertState, IncidentEvidence, IncidentState, ScopeState } from '../state/state.ts';
import { causeOf, identifiedCause } from './cause.ts';
import { namedEnvironments } from './environment.ts';

/** A group of alerts: an incident, or what may become one. */
export interface GroupView {
  /** Event-time span of its members' starts. */
  readonly startedAtMs: number;
  readonly lastStartMs: number;
  /** How many members fire. */
  readonly firing: number;
  /** Ids of the entities that members name, and the keys of their traits. */
  readonly entities: Pick<ReadonlySet<string>, 'has'>;
  readonly services: Iterable<string>;
  /** What members are about, `kind:name`. */
  readonly subjects: Pick<ReadonlySet<string>, 'has'>;
  /** Environments that members name or evidence found. */
  readonly environments: ReadonlySet<string>;
  /** Undefined: the state does not have it. */
  readonly opening: AlertState | undefined;
  readonly evidence: IncidentEvidence | undefined;
  readonly cause: string | null;
  /** The service that a person pinned. It proves nothing of other incidents, but an alert about it belongs here. */
  readonly pinned: string | null;
}

export interface IncidentView extends GroupView {
  /** The services that members name and a call graph knows, sorted. */
  readonly servicesIn: (graphServices: ReadonlySet<string>) => readonly string[];
  readonly incident: IncidentState;
  /** Whether any member names what it is about. */
  readonly namesAnything: boolean;
}

/** What to judge by in place of the incident's own evidence. */
export type JudgedBy = Pick<GroupView, 'evidence' | 'cause'>;

/** An incident as the state has it, judged by its own evidence or by another one. */
export function viewIncident(state: ScopeState, incident: IncidentState, judgedBy?: JudgedBy): IncidentView {
  return new StateView(state, incident, judgedBy);
}

/** An incident as if it also knew what the fresh evidence of another one calls degraded. */
export function viewWithFresh(state: ScopeState, incident: IncidentState, fresh: IncidentEvidence): IncidentView {
  const own = state.evidence.get(incident.id);
  const base = own ?? fresh;
  const names = [...fresh.ranking.disturbedServices, ...(own?.ranking.disturbedServices ?? [])];
  const ranking = { ...base.ranking, disturbedServices: [...new Set(names)].sort() };
  const evidence: IncidentEvidence = { ...base, related: own?.related ?? [], ranking };
  const cause = identifiedCause(ranking, state.histories.get(incident.id));
  return viewIncident(state, incident, { evidence, cause });
}

/** Reads the state late: a view is made for every candidate of an alert, and most reasons need little of it. */
class StateView implements IncidentView {
  readonly incident: IncidentState;
  readonly #state: ScopeState;
  readonly #members: Members;
  readonly #judgedBy: JudgedBy | undefined;

  constructor(state: ScopeState, incident: IncidentState, judgedBy: JudgedBy | undefined) {
    this.incident = incident;
    this.#state = state;
    this.#members = membersOf(state, incident.id);
    this.#judgedBy = judgedBy;
  }

  get startedAtMs(): number {
    return this.incident.startedAtMs;
  }

  get lastStartMs(): number {
    return this.incident.lastStartMs;
  }

  get firing(): number {
    return this.#members.firing;
  }

  get entities(): Pick<ReadonlySet<string>, 'has'> {
    return this.#members.entities;
  }

  get services(): readonly string[] {
    return this.#members.services;
  }

  servicesIn(graphServices: ReadonlySet<string>): readonly string[] {
    return this.#members.servicesIn(graphServices);
  }

  get namesAnything(): boolean {
    const { subjects } = this.#members;
    return subjects.size > (subjects.has('') ? 1 : 0);
  }

  get subjects(): Pick<ReadonlySet<string>, 'has'> {
    return this.#members.subjects;
  }

  get environments(): ReadonlySet<string> {
    return namedEnvironments(this.#members.environments.keys(), this.evidence);
  }

  get opening(): AlertState | undefined {
    return this.#state.alerts.get(this.incident.anchor);
  }

  get evidence(): IncidentEvidence | undefined {
    return this.#judgedBy === undefined ? this.#state.evidence.get(this.incident.id) : this.#judgedBy.evidence;
  }

  get pinned(): string | null {
    return this.#state.histories.get(this.incident.id)?.pin?.service ?? null;
  }

  get cause(): string | null {
    return this.#judgedBy === undefined ? causeOf(this.#state, this.incident.id) : this.#judgedBy.cause;
  }
}
