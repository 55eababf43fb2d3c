/** What an evidence query is about. In a large system the store reads only the neighbourhood of this. */
import type { EvidenceFocus } from '@faultline/model';
import { membersOf } from '../state/members.ts';
import type { IncidentState, ScopeState } from '../state/state.ts';
import { subjectOf } from '../state/subject.ts';

/** Members read, earliest first, and names kept of each kind: the start of a storm names the services that matter. */
const maxMembers = 500;
const maxNames = 100;
/** Causes found so far stay in focus: alerts may name only their callers. */
const maxCauses = 3;

/** The causes found so far, then what members name, earliest first. */
export function focusOf(state: ScopeState, incident: IncidentState): EvidenceFocus {
  const hypotheses = state.evidence.get(incident.id)?.ranking.hypotheses ?? [];
  const entities = membersOf(state, incident.id)
    .first(maxMembers)
    .map((alert) => alert.entities);
  return {
    services: distinct([
      ...hypotheses.slice(0, maxCauses).map(({ cause }) => cause.service),
      ...entities.map((names) => subjectOf(names).service),
    ]),
    instances: distinct(entities.map(({ pod }) => pod ?? '')),
    nodes: distinct(entities.map(({ node }) => node ?? '')),
    clusters: distinct(entities.map(({ cluster }) => cluster ?? '')),
    namespaces: distinct(entities.map(({ namespace }) => namespace ?? '')),
  };
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)].filter((name) => name !== '').slice(0, maxNames);
}
