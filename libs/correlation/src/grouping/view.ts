/** What grouping reads of an incident. A view can show it with other evidence, or other members, than the state has. */
import { causeOf } from '../state/incident.ts';
import { membersOf } from '../state/members.ts';
import type { IncidentEvidence, IncidentState, ScopeState } from '../state/state.ts';
import { subjectOf } from '../state/subject.ts';

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
  /** The zone or cluster, `kind:name`, that the opening alert is about; empty when it is about something else. */
  readonly openingDomain: string;
  readonly evidence: IncidentEvidence | undefined;
  readonly cause: string | null;
}

export interface IncidentView extends GroupView {
  readonly incident: IncidentState;
}

/** An incident as the state has it. */
export function viewIncident(state: ScopeState, incident: IncidentState): IncidentView {
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
      return members.services;
    },
    openingDomain: opening === undefined ? '' : subjectOf(opening.entities).failureDomain,
    evidence: state.evidence.get(incident.id),
    cause: causeOf(state, incident.id),
  };
}
