import type { Change, Incident, IncidentAlert, WorkloadFinding } from '@faultline/model';
import { AppError } from '@faultline/runtime';
import type {
  AlertHistory,
  AlertMatch,
  ChangeFilter,
  ContainerUsage,
  FiringHistory,
  Graph,
  HistoryReader,
  KnownEnvironment,
  Page,
  PageRequest,
  StageTimes,
} from '@faultline/store';

export interface MemoryHistory extends HistoryReader {
  incidents: readonly Incident[];
  alerts: readonly IncidentAlert[];
  alertFacts: AlertHistory;
  alertMatches: readonly AlertMatch[];
  changeRows: readonly Change[];
  findingRows: readonly WorkloadFinding[];
  graphRows: Graph;
  stageRows: readonly StageTimes[];
  alertRows: FiringHistory;
  known: readonly KnownEnvironment[];
  usage: ContainerUsage;
  down: boolean;
}

/** A store in memory that can be down. Its page token is the number of rows already returned. */
export function createMemoryHistory(): MemoryHistory {
  const answer = async <Value>(value: () => Value): Promise<Value> => {
    if (history.down) throw new AppError('STORE_UNAVAILABLE', 'the store does not answer', { kind: 'transient' });
    return value();
  };
  const history: MemoryHistory = {
    incidents: [],
    alerts: [],
    alertFacts: { transitions: [], memberships: [] },
    alertMatches: [],
    changeRows: [],
    findingRows: [],
    graphRows: { services: [], edges: [] },
    stageRows: [],
    alertRows: { incidents: [], firings: [], isTruncated: false },
    known: [],
    usage: { days: [], pods: [], isTruncated: false },
    down: false,
    listIncidents: ({ tenant, statuses }, page) =>
      answer(() =>
        pageOf(
          history.incidents.filter(
            ({ scope, status }) => scope.tenant === tenant && (statuses === undefined || statuses.includes(status)),
          ),
          page,
        ),
      ),
    getIncidentRevision: ({ tenant, incidentId }) =>
      answer(() => history.incidents.find(({ scope, id }) => scope.tenant === tenant && id === incidentId) ?? null),
    firingHistory: () => answer(() => history.alertRows),
    listIncidentAlerts: (_request, page) => answer(() => pageOf(history.alerts, page)),
    alertHistory: () => answer(() => history.alertFacts),
    searchAlerts: () => answer(() => history.alertMatches),
    listChanges: (filter, page) =>
      answer(() =>
        pageOf(
          history.changeRows.filter((change) => isWanted(change, filter)),
          page,
        ),
      ),
    listFindings: ({ tenant, cluster, namespace, workloads, endedFromMs, endedToMs }) =>
      answer(() =>
        history.findingRows.filter(
          ({ scope, entities, object, endedAtMs }) =>
            scope.tenant === tenant &&
            entities.cluster === cluster &&
            object.namespace === namespace &&
            workloads.includes(entities.workload ?? '') &&
            endedAtMs !== null &&
            endedAtMs >= endedFromMs &&
            endedAtMs < endedToMs,
        ),
      ),
    stageTimes: () => answer(() => history.stageRows),
    graph: () => answer(() => history.graphRows),
    containerUsage: () => answer(() => history.usage),
    environments: () => answer(() => history.known),
    entityHealth: ({ service }) =>
      answer(() => ({
        stepMs: 10_000,
        points: service === 'nobody' ? [] : [{ atMs: 1000, ...measured }],
        instances:
          service === 'nobody' ? [] : [{ instance: 'a', version: '1', node: 'n', lastSeenMs: 2000, ...measured }],
        operations: service === 'nobody' ? [] : [{ operation: 'GET /', kind: 'server', ...measured }],
      })),
  };
  return history;
}

/** The filters that the handlers of workloads use. */
function isWanted({ id, scope, entities, cluster, startedAtMs }: Change, filter: ChangeFilter): boolean {
  return (
    scope.tenant === filter.tenant &&
    startedAtMs >= filter.fromMs &&
    startedAtMs < filter.toMs &&
    (filter.ids === undefined || filter.ids.includes(id)) &&
    (filter.cluster === undefined || entities.cluster === filter.cluster) &&
    (filter.namespace === undefined || entities.namespace === filter.namespace) &&
    (filter.workloads === undefined || filter.workloads.includes(entities.workload ?? '')) &&
    (filter.services === undefined || filter.services.includes(entities.service ?? '')) &&
    (filter.objectKind === undefined || cluster?.object.kind === filter.objectKind) &&
    (filter.objectName === undefined || cluster?.object.name === filter.objectName)
  );
}

const measured = { calls: 8, errors: 2, p50Ms: 3.5, p95Ms: null };

function pageOf<Item>(items: readonly Item[], { size, token }: PageRequest): Page<Item> {
  const start = Number(token ?? 0);
  if (!Number.isInteger(start)) throw new AppError('STORE_BAD_PAGE_TOKEN', 'not ours', { kind: 'permanent' });
  const end = start + size;
  return { items: items.slice(start, end), next: end < items.length ? String(end) : null };
}
