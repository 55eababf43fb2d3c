/** The incidents that an alert may have a firm reason to join, found without looking at all incidents. */
import type { AlertState, CallGraph, ScopeState } from '../state/state.ts';
import { subjectOf } from '../state/subject.ts';
import { reachBothWays } from './graph.ts';
import { concernsChange, isOwnKind } from './reason.ts';

/**
 * Ids of all incidents for which `joinReason` may return a reason other than nearness in time. Others may be among them; none is missing.
 */
export function candidateIds(state: ScopeState, alert: AlertState, graph: CallGraph): Set<string> {
  const found = new Set<string>();
  const add = (ids: Iterable<string>) => {
    for (const id of ids) found.add(id);
  };
  const { index, config } = state;
  const subject = subjectOf(alert.entities);
  const { entityIds, failureDomain, service, name } = subject;
  if (alert.incidentId !== null) found.add(alert.incidentId);
  for (const key of alert.groupKeys ?? []) add(index.byEntity.get(key));
  for (const id of entityIds) {
    if (isOwnKind(id) || id.startsWith('node:')) add(index.byEntity.get(id));
    add(index.byFailureDomain.get(id));
  }
  if (failureDomain !== '') add(index.byEntity.get(failureDomain));
  add(index.byRelated.get(service));
  add(index.byCause.get(name));
  add(index.byPin.get(name));
  for (const changeId of index.bySuspect.keys())
    if (concernsChange(state.changes.get(changeId), subject)) add(index.bySuspect.get(changeId));
  if (!graph.services.has(service)) return found;
  // A fault reaches another service only over services that are degraded, alert, or are named as a cause.
  const allowed = (other: string) =>
    other === service ||
    index.byEntity.get(`service:${other}`).size > 0 ||
    index.byDegraded.get(other).size > 0 ||
    index.byCause.get(other).size > 0;
  for (const other of reachBothWays(graph, service, { maxHops: config.maxHops, allowed })) {
    add(index.byEntity.get(`service:${other}`));
    add(index.byCause.get(other));
  }
  return found;
}
