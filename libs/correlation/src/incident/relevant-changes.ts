/** Which of many changes the ranking of an incident reads. */
import type { Change } from '@faultline/model';
import { environmentsOf, tellingOnes } from '../grouping/environment.ts';
import { knownGraph, nearServices } from '../grouping/graph.ts';
import { membersOf } from '../state/members.ts';
import { sortedValues } from '../state/sorted-values.ts';
import type { IncidentState, ScopeState } from '../state/state.ts';

/** Causes found so far whose changes stay in view. */
const maxCauses = 5;
/** A change may be reported some minutes after it was made, and evidence may move the onset. */
const afterStartMs = 15 * 60_000;

/**
 * At most `most` changes, and other reports of the same rollouts: what a fault of the cluster names, those of the causes found so far, of
 * what alerts and of what it is connected with, then the latest ones.
 */
export function relevantChanges(state: ScopeState, incident: IncidentState, most: number): Change[] {
  const { changeIndex, changes, findings } = state;
  const newest = sortedValues(findings).sort((a, b) => b.sinceMs - a.sinceMs);
  const made = newest.flatMap(({ changedBy }) => (changedBy === null ? [] : [changedBy.changeId]));
  const ids = changeIndex.relevantIds({
    services: servicesOf(state, incident),
    ids: [...new Set(made)].slice(0, most / 2),
    untilMs: incident.lastStartMs + afterStartMs,
    most,
  });
  return ids.flatMap((id) => changes.get(id) ?? []);
}

/** Each once, the most suspicious first. */
function servicesOf(state: ScopeState, incident: IncidentState): Iterable<string> {
  const { services } = membersOf(state, incident.id);
  const ranking = state.evidence.get(incident.id)?.ranking;
  const causes = ranking?.hypotheses.slice(0, maxCauses).map(({ cause }) => cause.service) ?? [];
  const graph = knownGraph(state, tellingOnes(state, environmentsOf(state, incident)));
  const near = services.flatMap((name) => [...nearServices(graph, name, state.config.maxHops)].sort());
  return new Set([...causes, ...services, ...(ranking?.disturbedServices ?? []), ...near]);
}
