/** What a change or a finding is about, by the names that alerts and telemetry use. */
import type { Entities, ObjectReference, Scope } from '@faultline/model';
import { contentId } from '@faultline/model';
import type { ClusterModel } from '../cluster/model.ts';
import { workloadResources } from '../cluster/workload.ts';

/** The cluster that is watched, and where its records belong. */
export interface ClusterIdentity {
  readonly cluster: string;
  readonly scope: Scope;
}

/** The source of every record of a cluster. */
export const kubernetesSource = 'kubernetes';

export function idOf({ cluster, scope }: ClusterIdentity, ...parts: readonly string[]): string {
  return contentId(kubernetesSource, scope.tenant, cluster, ...parts);
}

/** A workload's name that two namespaces use carries its namespace, as ingest has it (docs/adr/0024-service-names.md). */
export function qualified(model: ClusterModel, entities: Entities): Entities {
  const { namespace, service, workload } = entities;
  if (namespace === undefined || workload === undefined) return entities;
  if (!isUsedElsewhere(model, { namespace, name: workload })) return entities;
  const full = (name: string | undefined) => (name === undefined ? {} : { service: `${namespace}/${name}` });
  return { ...entities, ...(service === workload ? full(service) : {}), workload: `${namespace}/${workload}` };
}

function isUsedElsewhere(model: ClusterModel, { namespace, name }: Omit<ObjectReference, 'kind'>): boolean {
  return model.namespacesOf(workloadResources, name).some((other) => other !== namespace);
}
