/** What the specifications of the watched workloads say of requests and limits. They count before what metrics say. */
import type { DeclaredContainers } from '../rightsizing/rightsizing.ts';
import type { KnownWorkload } from './known-workload.ts';
import type { WorkloadReadModel } from './read-model.ts';

/** Metrics may name no cluster. Then the workload is meant only where one cluster has it. */
export function declaredContainers(model: WorkloadReadModel, tenant: string): DeclaredContainers {
  const byName = Map.groupBy(model.list(tenant), ({ object }) => `${object.namespace}/${object.name}`);
  return ({ cluster, namespace, workload, container }) => {
    const named = byName.get(`${namespace}/${workload}`) ?? [];
    const found = onlyOne(cluster === '' ? named : named.filter((each) => each.cluster === cluster));
    const resources = found?.resources[container];
    if (found === null || resources === undefined) return null;
    return { kind: found.object.kind, team: model.owner(tenant, found)?.team ?? '', ...resources };
  };
}

function onlyOne(found: readonly KnownWorkload[]): KnownWorkload | null {
  return found.length === 1 ? (found[0] ?? null) : null;
}
