/** What grouping reads of alerts and incidents. A view can show an incident with other evidence or members than the state has. */
import { causeOf } from '../state/incident.ts';
import { memberServices, membersOf } from '../state/members.ts';
import type { AlertState, IncidentEvidence, IncidentState, ScopeState } from '../state/state.ts';
import { entityIds, nameOf, serviceOf, subjectOf } from '../state/subject.ts';

export interface AlertView {
  readonly alert: AlertState;
  /** Its name in the call graph; empty when it names nothing that takes calls. */
  readonly service: string;
  readonly name: string;
  /** The most specific entity, `kind:name`. */
  readonly subject: string;
  readonly entityIds: readonly string[];
}

export function viewAlert(alert: AlertState): AlertView {
  const { entities } = alert;
  return {
    alert,
    service: serviceOf(entities),
    name: nameOf(entities),
    subject: subjectOf(entities),
    entityIds: entityIds(entities),
  };
}

/** A group of alerts: an incident, or what may become one. */
export interface GroupView {
  /** Event-time span of its members' starts. */
  readonly startedAtMs: number;
  readonly lastStartMs: number;
  /** How many members fire. */
  readonly firing: number;
  /** Ids of the entities that members name. */
  readonly entities: Pick<ReadonlySet<string>, 'has'>;
  readonly services: Iterable<string>;
  /** What the alert that opened it is about. */
  readonly openingSubject: string;
  readonly evidence: IncidentEvidence | undefined;
  readonly cause: string | null;
}

export interface IncidentView extends GroupView {
  readonly incident: IncidentState;
}

/** An incident as the state has it, judged by `evidence`. */
export function viewIncident(
  state: ScopeState,
  incident: IncidentState,
  evidence: IncidentEvidence | undefined = state.evidence.get(incident.id),
  cause: string | null = causeOf(state, incident.id),
): IncidentView {
  const members = membersOf(state, incident.id);
  const opening = state.alerts.get(incident.anchor);
  return {
    incident,
    startedAtMs: incident.startedAtMs,
    lastStartMs: incident.lastStartMs,
    firing: members.firing,
    entities: members.entities,
    // Read late: most reasons need no services, and sorting them costs.
    get services() {
      return memberServices(state, incident.id);
    },
    openingSubject: opening === undefined ? '' : subjectOf(opening.entities),
    evidence,
    cause,
  };
}
