/** From a pod to its workload, and from a workload to the names that alerts and spans have for it. Pure. */
import { cronJobOf, deploymentOf, type Entities, type ObjectReference } from '@faultline/model';
import { list, text, textMap } from '../api/json.ts';
import { templateOf } from '../change/rollout.ts';
import type { ObservedObject, Owner } from '../decode/object.ts';
import type { ClusterModel, KnownObject } from './model.ts';

export const workloadResources = [
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'cronjobs.batch',
  'rollouts.argoproj.io',
  'jobs.batch',
] as const;

const resourceOfKind: Readonly<Record<string, string>> = {
  Deployment: 'deployments.apps',
  StatefulSet: 'statefulsets.apps',
  DaemonSet: 'daemonsets.apps',
  ReplicaSet: 'replicasets.apps',
  Job: 'jobs.batch',
  CronJob: 'cronjobs.batch',
  Rollout: 'rollouts.argoproj.io',
  Pod: 'pods',
};

export function isWorkload({ kind }: Pick<ObjectReference, 'kind'>): boolean {
  return ['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'Rollout', 'Job'].includes(kind);
}

/** The outermost controller: of a pod its Deployment, of a Job its CronJob. Itself when nothing controls it. */
export function workloadOf(
  model: ClusterModel,
  observed: Pick<ObservedObject, 'reference' | 'owner'>,
): ObjectReference {
  const { reference, owner } = observed;
  if (owner === null || resourceOfKind[owner.kind] === undefined) return reference;
  const known = model.byUid(owner.uid);
  if (known !== undefined) return workloadOf(model, known.observed);
  return guessed(owner, reference.namespace);
}

/** The owner is not known yet, or may not be read: its name tells. */
function guessed({ kind, name }: Owner, namespace: string): ObjectReference {
  if (kind === 'ReplicaSet') return { kind: 'Deployment', namespace, name: deploymentOf(name) };
  const cronJob = kind === 'Job' ? cronJobOf(name) : name;
  return cronJob === name ? { kind, namespace, name } : { kind: 'CronJob', namespace, name: cronJob };
}

export function knownWorkload(
  model: ClusterModel,
  { kind, namespace, name }: ObjectReference,
): KnownObject | undefined {
  const resource = resourceOfKind[kind];
  return resource === undefined ? undefined : model.get(resource, namespace, name);
}

/** The pods of a workload. */
export function podsOf(model: ClusterModel, workload: KnownObject): readonly KnownObject[] {
  const { uid, resource } = workload.observed;
  if (resource === 'pods') return [workload];
  const direct = [...model.ownedBy(uid, 'pods')];
  const inner = ['replicasets.apps', 'jobs.batch'].flatMap((owned) => [...model.ownedBy(uid, owned)]);
  return [...direct, ...inner.flatMap((owner) => [...model.ownedBy(owner.observed.uid, 'pods')])];
}

/**
 * The service of a pod template, by the rule of OpenTelemetry's conventions for Kubernetes ("Service attributes"): the annotation
 * `resource.opentelemetry.io/service.name`, then what the container sets for its SDK, then the label `app.kubernetes.io/name`, then the
 * workload's name.
 */
export function serviceNameOf(workload: ObjectReference, body: ObservedObject['body']): string {
  const template = templateOf(body) ?? body;
  const annotated = textMap(template, 'metadata', 'annotations')['resource.opentelemetry.io/service.name'];
  const containers = list(template, 'spec', 'containers');
  const set = containers.map(serviceNameOfContainer).find((name) => name !== '');
  const labelled = textMap(template, 'metadata', 'labels')['app.kubernetes.io/name'];
  return annotated ?? set ?? labelled ?? workload.name;
}

function serviceNameOfContainer(container: Parameters<typeof list>[0]): string {
  const variables = list(container, 'env');
  const value = (name: string) => {
    const variable = variables.find((entry) => text(entry, 'name') === name);
    return variable === undefined ? '' : text(variable, 'value');
  };
  const own = value('OTEL_SERVICE_NAME');
  const attribute = /(?:^|,)\s*service\.name=([^,]+)/.exec(value('OTEL_RESOURCE_ATTRIBUTES'))?.[1] ?? '';
  // A value that Kubernetes composes from others is not a name.
  return [own, attribute].find((name) => name !== '' && !name.includes('$(')) ?? '';
}

/** Which entities a workload stands for. */
export function entitiesOfWorkload(model: ClusterModel, workload: ObjectReference, cluster: string): Entities {
  const known = knownWorkload(model, workload);
  const service = known === undefined ? workload.name : serviceNameOf(workload, known.observed.body);
  return { service, workload: workload.name, namespace: workload.namespace, cluster };
}

/** The zone and name of a node. */
export function entitiesOfNode(model: ClusterModel, node: string, cluster: string): Entities {
  const zone = zoneOf(model.get('nodes', '', node)?.observed.labels ?? {});
  return { ...(node !== '' && { node }), ...(zone !== '' && { zone }), cluster };
}

/** By the label of Kubernetes, or the one before 1.17. Empty: none. */
export function zoneOf(labels: Readonly<Record<string, string>>): string {
  return labels['topology.kubernetes.io/zone'] ?? labels['failure-domain.beta.kubernetes.io/zone'] ?? '';
}

/** Whether labels fit a selector of `matchLabels` and `matchExpressions`. An empty selector fits everything. */
export function fitsSelector(labels: Readonly<Record<string, string>>, selector: Parameters<typeof list>[0]): boolean {
  const equal = Object.entries(textMap(selector, 'matchLabels')).every(([name, value]) => labels[name] === value);
  return equal && list(selector, 'matchExpressions').every((expression) => fitsExpression(labels, expression));
}

function fitsExpression(labels: Readonly<Record<string, string>>, expression: Parameters<typeof list>[0]): boolean {
  const value = labels[text(expression, 'key')];
  const values = valuesOf(expression);
  switch (text(expression, 'operator')) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}

function valuesOf(expression: Parameters<typeof list>[0]): readonly string[] {
  const values =
    typeof expression === 'object' && expression !== null && 'values' in expression ? expression['values'] : [];
  return Array.isArray(values) ? values.filter((value): value is string => typeof value === 'string') : [];
}
