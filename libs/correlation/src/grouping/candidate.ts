/** The incidents that an alert may have a firm reason to join, found without looking at all incidents. */
import type { CallGraph, ScopeState } from '../state/state.ts';
import { reachBothWays } from './graph.ts';
import { concernsChange, isOwnKind } from './reason.ts';
import type { AlertView } from './view.ts';

/**
 * Ids of all incidents for which `joinReason` may return a reason other than nearness in time. Others may be among them; none is missing.
 */
export function candidateIds(state: ScopeState, alert: AlertView, graph: CallGraph): Set<string> {
  const found = new Set<string>();
  const add = (ids: Iterable<string>) => {
    for (const id of ids) found.add(id);
  };
  const { index } = state;
  if (alert.alert.incidentId !== null) found.add(alert.alert.incidentId);
  for (const id of alert.entityIds) {
    if (isOwnKind(id) || id.startsWith('node:')) add(index.byEntity.get(id));
    add(index.byFailureDomain.get(id));
  }
  if (/^(zone|cluster):/.test(alert.subject)) add(index.byEntity.get(alert.subject));
  add(index.byRelated.get(alert.service));
  add(index.byCause.get(alert.name));
  for (const changeId of index.bySuspect.keys())
    if (concernsChange(state, alert, changeId)) add(index.bySuspect.get(changeId));
  for (const name of connected(state, alert.service, graph)) {
    add(index.byEntity.get(`service:${name}`));
    add(index.byCause.get(name));
  }
  return found;
}

/** Services from which a fault may have reached this one over others that are degraded, alert, or are named as a cause. */
function connected({ index, config }: ScopeState, service: string, graph: CallGraph): Iterable<string> {
  if (!graph.services.has(service)) return [];
  const allowed = (name: string) =>
    name === service ||
    index.byEntity.get(`service:${name}`).size > 0 ||
    index.byDegraded.get(name).size > 0 ||
    index.byCause.get(name).size > 0;
  return reachBothWays(graph, service, { maxHops: config.maxHops, allowed });
}
