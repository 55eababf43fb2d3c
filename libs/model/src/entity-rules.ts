/**
 * Which label names which kind of entity, as data: a line is a rule, best first for each kind. `entity-resolution.ts` reads the table. Names
 * are those of the OpenTelemetry semantic conventions, Kubernetes, Prometheus and its exporters, and service meshes.
 */
import { type EntityKind, entityKinds } from './entity.ts';
import { type ExporterRule, exporterRules } from './exporter-rules.ts';
import { hostOf, placeholders } from './names.ts';
import { serviceOfCluster } from './proxy-cluster.ts';
import { cronJobOf, deploymentOf, workloadOfClaim, workloadOfGuard, workloadOfPod } from './workload-name.ts';

const lastSegment = (value: string) => value.split(/[/:]/).filter(Boolean).at(-1) ?? '';

/** How a label's value becomes a name. */
export const nameReaders = {
  asIs: (value: string) => value,
  host: hostOf,
  lastSegment,
  /** Hubble writes `namespace/workload`, or `namespace/pod`. */
  hubblePeer: (value: string) => workloadOfPod(lastSegment(value)) || lastSegment(value),
  /** An AWS load balancer: `app/shop/50dc6c495c0c9188`. */
  loadBalancer: (value: string) => /^(?:app|net|gwy)\/([^/]+)/.exec(value)?.[1] ?? value,
  /** A service of Traefik: `shop-checkout-80@kubernetes`. */
  traefikService: (value: string) => value.replace(/@\w+$/, '').replace(/-(\d+|https?)$/, ''),
  proxyCluster: serviceOfCluster,
  cronJob: cronJobOf,
  replicaSet: deploymentOf,
  claim: workloadOfClaim,
  guard: workloadOfGuard,
} as const;
export type NameReader = keyof typeof nameReaders;

export interface LabelRule {
  readonly kind: EntityKind;
  readonly label: string;
  readonly read: NameReader;
  /** The rule holds only beside this label. */
  readonly beside?: string;
}

/** Prometheus writes `k8s.pod.name` as `k8s_pod_name`, so each rule holds for both. */
const rules = (kind: EntityKind, labels: readonly string[], read: NameReader = 'asIs'): LabelRule[] =>
  [...new Set(labels.flatMap((label) => [label, label.replace(/[^A-Za-z0-9_]/g, '_')]))].map((label) => ({
    kind,
    label,
    read,
  }));

/** What was called comes before who called, and what the exporter says before what it is. `exported_x` is looked at before each `x`. */
export const labelRules: readonly LabelRule[] = [
  ...rules('service', ['service.name', 'destination_canonical_service', 'destination_service_name', 'dst_service']),
  ...rules('service', ['destination_service'], 'host'),
  ...rules('service', [
    'destination_app',
    'service',
    'app.kubernetes.io/name',
    'label_app_kubernetes_io_name',
    'k8s-app',
    'label_app',
    'app',
    'application',
    'serviceName',
    'rabbitmq_cluster',
    'component_name',
    'container_label_com_docker_compose_service',
    'container_label_com_docker_swarm_service_name',
    'dimension_FunctionName',
    'dimension_ServiceName',
    'dimension_ApiName',
    'dimension_EnvironmentName',
  ]),
  ...rules('service', ['dimension_LoadBalancer'], 'loadBalancer'),
  ...rules('service', ['dimension_StateMachineArn'], 'lastSegment'),
  ...rules('service', ['consumergroup', 'consumer_group', 'source_canonical_service', 'source_app']),
  // A service graph of spans: the series is about the called side.
  { kind: 'service', label: 'server', read: 'asIs', beside: 'client' },

  ...rules('workload', [
    'k8s.deployment.name',
    'k8s.statefulset.name',
    'k8s.daemonset.name',
    'k8s.cronjob.name',
    'destination_workload',
    'dst_deployment',
    'dst_statefulset',
    'dst_daemonset',
    'deployment',
    'statefulset',
    'daemonset',
    'cronjob',
  ]),
  ...rules('workload', ['k8s.job.name', 'job_name'], 'cronJob'),
  ...rules('workload', ['k8s.replicaset.name', 'replicaset'], 'replicaSet'),
  ...rules('workload', ['scaletargetref_name']),
  ...rules('workload', ['horizontalpodautoscaler', 'hpa', 'poddisruptionbudget'], 'guard'),
  ...rules('workload', ['persistentvolumeclaim', 'pvc'], 'claim'),
  ...rules('workload', ['ingress', 'workload', 'source_workload']),

  ...rules('pod', ['k8s.pod.name', 'destination_pod', 'pod', 'pod_name', 'kubernetes_pod_name']),
  ...rules('node', ['k8s.node.name', 'node', 'nodename', 'kubernetes_node', 'host.name', 'hostname', 'host']),
  ...rules('node', ['dimension_InstanceId']),
  ...rules('cluster', ['k8s.cluster.name', 'cluster', 'cluster_name']),
  ...rules('zone', ['cloud.availability_zone', 'topology.kubernetes.io/zone', 'availability_zone', 'zone']),
  ...rules('database', [
    'db.namespace',
    'db.name',
    'datname',
    'database',
    'dimension_DBInstanceIdentifier',
    'dimension_DBClusterIdentifier',
    'dimension_TableName',
    'dimension_CacheClusterId',
    'dimension_DomainName',
    'dbinstance_identifier',
    'dbcluster_identifier',
    'cache_cluster_id',
    'db',
  ]),
  ...rules('topic', [
    'messaging.destination.name',
    'topic',
    'kafka_topic',
    'queue',
    'queue_name',
    'dimension_QueueName',
    'dimension_TopicName',
    'dimension_StreamName',
  ]),
  ...rules('namespace', [
    'k8s.namespace.name',
    'destination_workload_namespace',
    'destination_service_namespace',
    'destination_namespace',
    'dst_namespace',
    'pvc_namespace',
    'namespace',
    'kubernetes_namespace',
    'service.namespace',
  ]),
];

/** Labels that name a service where nothing better does, best first. The process and the host only for spans: see `resolveResource`. */
export const serviceFallbacks: readonly LabelRule[] = [
  ...rules('service', [
    'container.name',
    'k8s.container.name',
    'container',
    'faas.name',
    'aws.ecs.task.family',
    'heroku.app.name',
  ]),
];
export const spanFallbacks: readonly LabelRule[] = [
  ...rules('service', ['process.executable.name']),
  ...rules('service', ['process.executable.path', 'process.command'], 'lastSegment'),
  ...rules('service', ['host.name', 'service.instance.id']),
];

/** The rules that hold: the tables above, less what a setting removed and with what it added. */
/** A rule and its rank among all: a smaller one is better. */
export interface RankedRule extends LabelRule {
  readonly rank: number;
}

export interface EntityRules {
  /** By the label: a label set has few labels, the table has many. */
  readonly byLabel: ReadonlyMap<string, readonly RankedRule[]>;
  readonly fallbacks: readonly LabelRule[];
  readonly exporters: readonly ExporterRule[];
  /** Fits what any of them fits: most senders are no exporters, and one test has to tell. */
  readonly anyExporter: RegExp;
  /** Placeholders that count as names. */
  readonly allowedNames: ReadonlySet<string>;
}

export const ruleId = ({ kind, label }: LabelRule): string => `${kind}:${label}`;
const exporterId = ({ id }: ExporterRule): string => `exporter:${id}`;
const placeholderId = (word: string): string => `placeholder:${word}`;

/** The ids by which a setting can remove a rule: `service:app`, `exporter:jmx`, `placeholder:default`. */
export function entityRuleIds(): string[] {
  const all = [...labelRules, ...serviceFallbacks].map(ruleId);
  return [...all, ...exporterRules.map(exporterId), ...placeholders.filter(Boolean).map(placeholderId)];
}

export interface RuleChanges {
  /** Label names of the user's own for each kind, looked at before all others. */
  readonly aliases?: { readonly [kind in EntityKind]?: readonly string[] | undefined };
  /** Names of exporters of the user's own: texts found in `job`, `service` or `container`. */
  readonly exporters?: readonly string[];
  /** Ids of rules that do not hold. */
  readonly removed?: readonly string[];
}

/** The tables with a user's changes. */
export function createEntityRules({ aliases = {}, exporters = [], removed = [] }: RuleChanges = {}): EntityRules {
  const gone = new Set(removed);
  const own = entityKinds.flatMap((kind) => rules(kind, aliases[kind] ?? []));
  const labels = [...own, ...labelRules.filter((rule) => !gone.has(ruleId(rule)))];
  const ownExporters = exporters.map((name): ExporterRule => ({ id: name, names: literal(name) }));
  const allExporters = [...ownExporters, ...exporterRules.filter((rule) => !gone.has(exporterId(rule)))];
  return {
    byLabel: Map.groupBy(
      labels.map((rule, rank): RankedRule => ({ ...rule, rank })),
      ({ label }) => label,
    ),
    fallbacks: serviceFallbacks.filter((rule) => !gone.has(ruleId(rule))),
    exporters: allExporters,
    anyExporter: anyOf(allExporters.flatMap(({ names, jobs }) => (jobs === undefined ? [names] : [names, jobs]))),
    allowedNames: new Set(placeholders.filter((word) => gone.has(placeholderId(word)))),
  };
}

function anyOf(patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => `(?:${source})`).join('|') || '(?!)', 'i');
}

function literal(name: string): RegExp {
  return new RegExp(name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i');
}

export const defaultEntityRules: EntityRules = createEntityRules();
