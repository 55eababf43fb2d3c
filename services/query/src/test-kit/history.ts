import type { Incident, IncidentAlert, IncidentGraph } from '@faultline/model';
import { AppError } from '@faultline/runtime';
import { byAlertStart, byStartDescending, isAfterAlert, isAfterIncident, matchesFilter } from '../incident/filter.ts';
import type { History } from '../view/history.ts';

export interface MemoryHistory extends History {
  incidents: readonly Incident[];
  alerts: readonly IncidentAlert[];
  graphRows: IncidentGraph;
  down: boolean;
}

/** A store in memory, which can be down. For tests. */
export function createMemoryHistory(): MemoryHistory {
  const answer = async <Value>(value: () => Value): Promise<Value> => {
    if (history.down) throw new AppError('STORE_UNAVAILABLE', 'the store does not answer', { kind: 'transient' });
    return value();
  };
  const history: MemoryHistory = {
    incidents: [],
    alerts: [],
    graphRows: { nodes: [], edges: [] },
    down: false,
    listIncidents: ({ tenant, filter, after, limit }) =>
      answer(() =>
        history.incidents
          .filter((incident) => incident.scope.tenant === tenant && matchesFilter(incident, filter))
          .filter((incident) => isAfterIncident(incident, after))
          .sort(byStartDescending)
          .slice(0, limit),
      ),
    getIncident: ({ tenant, id }) =>
      answer(
        () => history.incidents.find((incident) => incident.scope.tenant === tenant && incident.id === id) ?? null,
      ),
    listIncidentAlerts: ({ after, limit }) =>
      answer(() =>
        history.alerts
          .filter((alert) => isAfterAlert(alert, after))
          .sort(byAlertStart)
          .slice(0, limit),
      ),
    graph: () => answer(() => history.graphRows),
    serviceHealth: ({ service }) =>
      answer(() =>
        service === 'nobody'
          ? null
          : {
              calls: 10,
              errorRatio: 0.1,
              p95Ms: 12.5,
              lastSeenMs: 1000,
              operations: [
                { operation: 'GET /', kind: 'server', instance: 'a', calls: 10, errorRatio: 0.1, p95Ms: 12.5 },
              ],
              edges: history.graphRows.edges,
            },
      ),
  };
  return history;
}
