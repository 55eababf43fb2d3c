/** Which container a point is about. */
import type { Attributes, Resource } from '@faultline/model';

/** A container of one pod. */
export interface ContainerOfPod {
  readonly tenant: string;
  readonly environment: string;
  /** Empty: the sender names none. */
  readonly cluster: string;
  readonly namespace: string;
  /** The pod's own name, where no workload is known. */
  readonly workload: string;
  readonly pod: string;
  readonly container: string;
}

/** A scrape without `honor_labels` renames the exporter's labels, because the target has the same ones. */
const pointLabels = ['exported_container', 'container', 'k8s.container.name', 'k8s_container_name'];
const resourceLabels = ['k8s.container.name', 'container.name'];

/**
 * The container of a point. Null for a point of a whole pod or node, for the sandbox of a pod (`POD`), and for a container that is in no
 * pod, such as one of Docker.
 */
export function containerOf(resource: Resource, attributes: Attributes): ContainerOfPod | null {
  const { entities, scope } = resource;
  const { pod, namespace } = entities;
  const container = first(attributes, pointLabels) ?? first(resource.attributes, resourceLabels);
  if (pod === undefined || namespace === undefined || container === undefined || container === 'POD') return null;
  return {
    tenant: scope.tenant,
    environment: scope.environment,
    cluster: entities.cluster ?? resource.attributes['k8s.cluster.name'] ?? '',
    namespace,
    workload: plainName(entities.workload ?? pod, namespace),
    pod,
    container,
  };
}

/**
 * Tells apart the runs of one container: the counters of a new run start at zero while the old ones are still reported for a while. cAdvisor
 * names the run at the end of the path of its control group.
 */
export function runOf(resource: Resource, attributes: Attributes): string {
  const name = attributes['name'] ?? attributes['id'] ?? resource.attributes['container.id'] ?? '';
  return name.slice(-20);
}

/** Ingest writes `shop/cart` where two namespaces have a cart. The namespace is a column here. */
function plainName(workload: string, namespace: string): string {
  return workload.startsWith(`${namespace}/`) ? workload.slice(namespace.length + 1) : workload;
}

function first(attributes: Attributes, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = attributes[name];
    if (value !== undefined && value !== '') return value;
  }
  return undefined;
}
