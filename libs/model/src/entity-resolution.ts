/**
 * From labels to entities and environment. Many label names mean one thing; alias sets say which, best first. Pure and total: a label that
 * is missing, empty or blank says nothing, and nothing is ever refused.
 */
import { type Entities, type EntityAliases, type EntityKind, entityKinds } from './entity.ts';

export type Labels = Readonly<Record<string, string>>;

/** Names in use by the OpenTelemetry semantic conventions, Kubernetes, Prometheus and its exporters. */
export const defaultEntityAliases: EntityAliases = {
  service: [
    'service.name',
    'service_name',
    'service',
    'app.kubernetes.io/name',
    'app_kubernetes_io_name',
    'label_app_kubernetes_io_name',
    'k8s_app',
    'k8s-app',
    'app',
    'application',
    'serviceName',
  ],
  workload: [
    'k8s.deployment.name',
    'k8s.statefulset.name',
    'k8s.daemonset.name',
    'k8s.cronjob.name',
    'k8s.job.name',
    'deployment',
    'statefulset',
    'daemonset',
    'cronjob',
    'job_name',
    'workload',
  ],
  pod: ['k8s.pod.name', 'pod', 'pod_name', 'kubernetes_pod_name'],
  node: ['k8s.node.name', 'node', 'nodename', 'kubernetes_node', 'host.name', 'hostname', 'host'],
  cluster: ['k8s.cluster.name', 'cluster', 'cluster_name'],
  zone: [
    'cloud.availability_zone',
    'topology.kubernetes.io/zone',
    'topology_kubernetes_io_zone',
    'availability_zone',
    'zone',
  ],
  database: ['db.namespace', 'db.name', 'database', 'datname', 'db'],
  topic: ['messaging.destination.name', 'topic', 'kafka_topic', 'queue'],
  namespace: ['k8s.namespace.name', 'namespace', 'kubernetes_namespace', 'service.namespace'],
};

/** Label names that mean the environment, best first. */
export const defaultEnvironmentAliases: readonly string[] = [
  'deployment.environment.name',
  'deployment.environment',
  'deployment_environment_name',
  'deployment_environment',
  'environment',
  'env',
  'stage',
];

/** Adds names to alias sets; the added ones are looked at first, so that a user's own rule wins. */
export function extendAliases(
  base: EntityAliases,
  extra: { readonly [kind in EntityKind]?: readonly string[] },
): EntityAliases {
  const entries = entityKinds.map((kind) => [kind, [...(extra[kind] ?? []), ...base[kind]]]);
  return Object.fromEntries(entries) as EntityAliases;
}

/**
 * What the labels speak of. Beyond the aliases: a pod of a Deployment or StatefulSet names its workload, a workload stands in for a missing
 * service, and Prometheus' `job` and `instance` count only when nothing better is there: on series of an exporter they name the exporter.
 */
export function resolveEntities(labels: Labels, aliases: EntityAliases = defaultEntityAliases): Entities {
  const entities: { [kind in EntityKind]?: string } = {};
  for (const kind of entityKinds) {
    const name = firstOf(labels, aliases[kind]);
    if (name !== '') entities[kind] = name;
  }
  const workload = entities.workload ?? workloadOfPod(entities.pod ?? '');
  if (workload !== '') entities.workload = workload;
  const service = entities.service ?? (workload || serviceOfScrape(labels, entities));
  if (service !== '') entities.service = service;
  const node = entities.node ?? nodeOfScrape(labels, entities);
  if (node !== '') entities.node = node;
  return entities;
}

/** From narrow to wide; a database or a topic is narrower than the service in front of it. */
const specificity: readonly EntityKind[] = [
  'pod',
  'database',
  'topic',
  'workload',
  'service',
  'node',
  'namespace',
  'zone',
  'cluster',
];

/** The id of the most specific entity, `kind:name`; empty when there is none. */
export function entityId(entities: Entities): string {
  const kind = specificity.find((candidate) => entities[candidate] !== undefined);
  return kind === undefined ? '' : `${kind}:${entities[kind]}`;
}

/** The environment that the labels name, fit for a topic key (no slash); empty when they name none. */
export function environmentOf(labels: Labels, aliases: readonly string[] = defaultEnvironmentAliases): string {
  return firstOf(labels, aliases).replaceAll('/', '-');
}

function firstOf(labels: Labels, names: readonly string[]): string {
  for (const name of names) {
    const value = labels[name];
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  return '';
}

/** Kubernetes draws the two suffixes of a ReplicaSet's pod from an alphabet without vowels and look-alikes (`rand.SafeEncodeString`). */
const replicaSetPod = /^(.+)-[bcdfghjklmnpqrstvwxz2456789]{6,10}-[bcdfghjklmnpqrstvwxz2456789]{5}$/;
const statefulSetPod = /^(.+)-\d{1,4}$/;

function workloadOfPod(pod: string): string {
  return (replicaSetPod.exec(pod) ?? statefulSetPod.exec(pod))?.[1] ?? '';
}

const exporterJob = /exporter|kube-state-metrics|cadvisor|kubelet|blackbox|^node$/i;

function serviceOfScrape(labels: Labels, entities: Entities): string {
  const job = firstOf(labels, ['job']);
  const named = entities.pod ?? entities.node ?? entities.database ?? entities.topic;
  if (named !== undefined || exporterJob.test(job)) return '';
  // The Prometheus operator writes `namespace/name`.
  return job.split('/').at(-1) ?? '';
}

function nodeOfScrape(labels: Labels, entities: Entities): string {
  const known = Object.keys(entities).some((kind) => kind !== 'cluster' && kind !== 'zone' && kind !== 'namespace');
  return known ? '' : firstOf(labels, ['instance']).replace(/:\d+$/, '');
}
