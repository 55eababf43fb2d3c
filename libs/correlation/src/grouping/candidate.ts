/** The incidents that may hold a firm reason for an alert. */
import { nameOf, placeOf, serviceOf, subjectOf } from '../alert/subject.ts';
import { entityIds } from '../state/members.ts';
import type { AlertState, CallGraph, ScopeState } from '../state/state.ts';
import { reachBothWays } from './graph.ts';
import { isOwnKind, speaksOfChange } from './reason.ts';

/** Ids of all incidents for which `judgeReason` may give another reason than nearness in time; others among them. Looks at none. */
export function candidateIds(state: ScopeState, alert: AlertState, graph: CallGraph): Set<string> {
  const found = new Set<string>();
  const add = (ids: Iterable<string>) => {
    for (const id of ids) found.add(id);
  };
  const { index } = state;
  const service = serviceOf(alert.entities);
  if (alert.incidentId !== null) found.add(alert.incidentId);
  for (const id of entityIds(alert.entities)) {
    if (isOwnKind(id) || id.startsWith('node:')) add(index.byEntity.get(id));
    add(index.byPlace.get(id));
  }
  if (placeOf(alert.entities) !== '') add(index.byEntity.get(subjectOf(alert.entities)));
  add(index.byRelated.get(service));
  add(index.byCause.get(nameOf(alert.entities)));
  for (const changeId of index.bySuspect.keys())
    if (speaksOfChange(state, alert, changeId)) add(index.bySuspect.get(changeId));
  for (const name of connected(state, service, graph)) {
    add(index.byEntity.get(`service:${name}`));
    add(index.byCause.get(name));
  }
  return found;
}

/** Services from which a fault may have come over others that are disturbed, alert, or are named as a cause. */
function connected({ index, config }: ScopeState, service: string, graph: CallGraph): Iterable<string> {
  if (!graph.services.has(service)) return [];
  const allowed = (name: string) =>
    name === service ||
    index.byEntity.get(`service:${name}`).size > 0 ||
    index.byDisturbed.get(name).size > 0 ||
    index.byCause.get(name).size > 0;
  return reachBothWays(graph, service, { maxHops: config.maxHops, allowed });
}
