/** The handler of ListWorkloads. */
import type { Call } from '../api/call.ts';
import { type Cursor, cutPage, parseCursor } from '../api/page.ts';
import { statusOf, type WorkloadStatus } from './health.ts';
import { summaryJson } from './json.ts';
import type { KnownWorkload } from './known-workload.ts';
import type { WorkloadReadModel } from './read-model.ts';
import { type ListWorkloadsRequest, workloadStates } from './requests.ts';

export function createWorkloadList(model: WorkloadReadModel) {
  return async (request: ListWorkloadsRequest, { tenant }: Call) => {
    model.requireReady();
    const after = parseCursor(request.pageToken);
    const all = model.list(tenant);
    const matching = all
      .filter((workload) => isPlaced(workload, request))
      .map((workload) => statusOf(model, workload))
      .filter((status) => isWanted(status, request, model.owner(tenant, status.workload)));
    const rows = matching.filter((status) => after === null || compare(cursorOf(status), after) > 0);
    rows.sort((a, b) => compare(cursorOf(a), cursorOf(b)));
    const { page, nextPageToken } = cutPage(rows, request.pageSize, cursorOf);
    return {
      workloads: page.map((status) => summaryJson(status, model.owner(tenant, status.workload))),
      nextPageToken,
      total: matching.length,
      clusters: distinct(all.map(({ cluster }) => cluster)),
      namespaces: distinct(all.map(({ object }) => object.namespace)),
    };
  };
}

function isPlaced({ cluster, object }: KnownWorkload, request: ListWorkloadsRequest): boolean {
  return (
    (request.cluster === '' || cluster === request.cluster) &&
    (request.namespace === '' || object.namespace === request.namespace)
  );
}

interface Owner {
  readonly team: string;
  readonly application: string;
}

function isWanted(status: WorkloadStatus, { search, state }: ListWorkloadsRequest, owner: Owner | null): boolean {
  if (state.length > 0 && !state.includes(status.state)) return false;
  const { object, images } = status.workload;
  const texts = [`${object.namespace}/${object.name}`, status.service, owner?.team, owner?.application];
  const wanted = search.trim().toLowerCase();
  return [...texts, ...images.map(({ image }) => image)].some((text) => text?.toLowerCase().includes(wanted));
}

/** The worst state first, then by name. */
function cursorOf({ state, workload: { cluster, object } }: WorkloadStatus): Cursor {
  return [workloadStates.indexOf(state), `${object.namespace}/${object.name}/${cluster}/${object.kind}`];
}

function compare([stateA, nameA]: Cursor, [stateB, nameB]: Cursor): number {
  return stateA - stateB || (nameA < nameB ? -1 : nameA > nameB ? 1 : 0);
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
