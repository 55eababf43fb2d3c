/**
 * Exporters, agents and scrape jobs that speak of others. The labels which Prometheus puts on their series (`service`, `job`, `instance`,
 * `pod`, `container`) name the exporter and not what the series is about. A line is a rule; the first that fits holds.
 */
import type { EntityKind } from './entity.ts';

/** A label that only this exporter uses in this sense. `read` is a name of `nameReaders`. */
export interface ExporterSubject {
  readonly label: string;
  readonly kind: EntityKind;
  readonly read?: 'host' | 'lastSegment' | 'hubblePeer' | 'traefikService' | 'proxyCluster' | 'asIs';
}

export interface ExporterRule {
  readonly id: string;
  /** Fits a value of `job`, `service`, `service.name`, `container` or `app` that names the exporter. */
  readonly names: RegExp;
  /** Fits a `job` that is called after what it exports, where no `service` or `pod` says more. */
  readonly jobs?: RegExp;
  readonly subjects?: readonly ExporterSubject[];
  /** What `instance` names on its series, where that is not the exporter's own address. */
  readonly instance?: EntityKind;
  /** Labels that mean something else here, such as `host` for the host of a request. */
  readonly ignores?: readonly string[];
  /** It never runs beside what it speaks of: where its container is named, `service` and `job` are its own, whatever they are called. */
  readonly isNeverSidecar?: true;
  /** It keeps a `service` label of the subject (`honor_labels`). */
  readonly keepsService?: true;
  /** Its subjects are in other namespaces, which it does not name. */
  readonly isElsewhere?: true;
  /** Without another subject its series are about itself. */
  readonly isOwnSubject?: true;
}

const to = (kind: EntityKind, label: string, read: ExporterSubject['read'] = 'asIs'): ExporterSubject => ({
  kind,
  label,
  read,
});

export const exporterRules: readonly ExporterRule[] = [
  { id: 'kube-state-metrics', names: /kube-?state-?metrics/i, isNeverSidecar: true },
  {
    id: 'node',
    names: /node[-_]?exporter|windows[-_]exporter|^node$|integrations\/unix|integrations\/node/i,
    instance: 'node',
  },
  {
    id: 'cadvisor',
    names: /cadvisor/i,
    // Docker's cAdvisor names the container; on Kubernetes `pod` and `container` do.
    subjects: [
      to('service', 'container_label_com_docker_compose_service'),
      to('service', 'container_label_com_docker_swarm_service_name'),
      to('service', 'name'),
    ],
    instance: 'node',
  },
  { id: 'kubelet', names: /kubelet|kubernetes-nodes$/i, instance: 'node' },
  { id: 'process', names: /process[-_]exporter/i, subjects: [to('service', 'groupname')], instance: 'node' },
  {
    id: 'blackbox',
    names: /blackbox|^probe/i,
    subjects: [to('service', 'target', 'host')],
    instance: 'service',
    ignores: ['host'],
  },
  {
    id: 'postgres',
    names: /(postgres(ql)?|pg|pgbouncer)[-_](prometheus[-_])?exporter/i,
    jobs: /^(postgres(ql)?)$/i,
    subjects: [to('database', 'datname'), to('database', 'server', 'host')],
    instance: 'database',
  },
  {
    id: 'mysql',
    names: /(mysqld?|mariadb)[-_](prometheus[-_])?exporter/i,
    jobs: /^(mysqld?|mariadb)$/i,
    subjects: [to('database', 'schema')],
    instance: 'database',
  },
  {
    id: 'redis',
    names: /(redis|valkey|memcached)[-_](prometheus[-_])?exporter/i,
    jobs: /^(redis|valkey|memcached)$/i,
    subjects: [to('database', 'addr', 'host')],
    instance: 'database',
    ignores: ['db'],
  },
  {
    id: 'mongodb',
    names: /mongo(db)?[-_](prometheus[-_])?exporter/i,
    jobs: /^(mongo(db)?)$/i,
    subjects: [to('database', 'database'), to('database', 'rs_nm'), to('database', 'set')],
    instance: 'database',
  },
  {
    id: 'elasticsearch',
    names: /(elastic(search)?|opensearch)[-_](prometheus[-_])?exporter/i,
    jobs: /^(elasticsearch|opensearch)$/i,
    subjects: [to('database', 'cluster')],
    instance: 'database',
  },
  {
    id: 'kafka',
    names: /kafka[-_](lag[-_])?exporter|burrow|kminion/i,
    subjects: [to('topic', 'topic'), to('topic', 'topic_name'), to('service', 'group_id'), to('service', 'group')],
  },
  {
    id: 'rabbitmq',
    names: /rabbitmq?[-_](prometheus[-_])?exporter/i,
    subjects: [to('topic', 'queue')],
    instance: 'node',
  },
  {
    id: 'ingress-nginx',
    names: /ingress[-_]nginx|nginx[-_]ingress|ingress-controller/i,
    keepsService: true,
    ignores: ['host'],
    isOwnSubject: true,
  },
  {
    id: 'nginx',
    names: /nginx[-_](prometheus[-_])?(vts[-_])?exporter/i,
    subjects: [to('service', 'upstream')],
    instance: 'service',
    ignores: ['host'],
  },
  {
    id: 'haproxy',
    names: /haproxy[-_]exporter/i,
    // The exporter that HAProxy has built in.
    jobs: /^haproxy$/i,
    subjects: [to('service', 'backend'), to('service', 'proxy')],
    ignores: ['host'],
  },
  {
    id: 'cloudwatch',
    names: /cloudwatch|yace|yet-another/i,
    subjects: [
      to('service', 'function_name'),
      to('topic', 'queue_name'),
      to('topic', 'topic_name'),
      to('database', 'table_name'),
      to('node', 'instance_id'),
    ],
  },
  {
    id: 'stackdriver',
    names: /stackdriver/i,
    subjects: [
      to('topic', 'subscription_id'),
      to('topic', 'topic_id'),
      to('topic', 'queue_id'),
      to('database', 'database_id', 'lastSegment'),
      to('service', 'function_name'),
      to('service', 'service_name'),
      to('node', 'instance_name'),
    ],
  },
  { id: 'snmp', names: /snmp/i, instance: 'node' },
  { id: 'jmx', names: /jmx[-_]?exporter|^jmx$/i },
  { id: 'istio', names: /istio-mesh|envoy-stats|istio-proxy|istio-telemetry|^mixer$/i },
  { id: 'linkerd', names: /linkerd[-_]proxy|linkerd-prometheus/i },
  {
    id: 'cilium',
    names: /hubble|cilium/i,
    subjects: [to('service', 'destination', 'hubblePeer'), to('pod', 'destination_pod', 'lastSegment')],
    isOwnSubject: true,
  },
  { id: 'pushgateway', names: /push-?gateway/i },
  { id: 'nomad', names: /^nomad$/i, subjects: [to('service', 'exported_job')] },
  { id: 'service-graph', names: /metrics-generator|service-?graph/i, subjects: [to('service', 'server')] },
  // Proxies of an ingress.
  {
    id: 'kong',
    names: /(^|-)kong(-|$)/i,
    subjects: [to('service', 'exported_service', 'proxyCluster')],
    isElsewhere: true,
    isOwnSubject: true,
  },
  {
    id: 'envoy',
    names: /^(contour-|eg-)?envoy(-proxy|-gateway)?$/i,
    subjects: [to('service', 'envoy_cluster_name', 'proxyCluster')],
    isElsewhere: true,
    isOwnSubject: true,
  },
  // Controllers tell of the resources that they keep.
  { id: 'longhorn', names: /^longhorn-(backend|manager)/i, isOwnSubject: true },
  {
    id: 'cluster-version-operator',
    names: /^cluster-version-operator$/i,
    subjects: [to('service', 'name')],
    isElsewhere: true,
    isOwnSubject: true,
  },
  {
    id: 'argo-cd',
    names: /argo-?cd/i,
    subjects: [to('service', 'name'), to('namespace', 'dest_namespace')],
  },
  { id: 'flux', names: /^(flux|gotk)|(source|kustomize|helm)-controller/i, subjects: [to('service', 'name')] },
  { id: 'cert-manager', names: /cert-manager/i },
  { id: 'ceph', names: /ceph-(mgr|exporter)|^ceph$/i, subjects: [to('node', 'hostname')] },
  { id: 'keda', names: /keda/i, subjects: [to('workload', 'scaledObject'), to('workload', 'scaledobject')] },
  {
    id: 'traefik',
    names: /traefik/i,
    subjects: [to('service', 'service', 'traefikService')],
    keepsService: true,
    isOwnSubject: true,
  },
  {
    id: 'scrape-job',
    names:
      /^(integrations\/)?kubernetes[-_/](pods|services?|service-endpoints|endpoints|nodes-.*|kube-state-metrics|cadvisor)/i,
  },
  {
    id: 'collector',
    names:
      /^(otelcol|otel-collector|opentelemetry-collector|grafana-(agent|alloy)|alloy|vmagent|telegraf|prometheus)([-_].*)?$|otel.*collector/i,
    keepsService: true,
    isOwnSubject: true,
  },
  { id: 'other', names: /(^|[-_./])exporter($|[-_./])|[a-z]_exporter$/i },
];
