/** Label sets from public rule files, exporters' documents and issue threads. Each was given its value before it was first run. */
import { expect, it } from 'vitest';
import { resolveEntities, resolveResource } from './entity-resolution.ts';

type LabelSet = Readonly<Record<string, string>>;
const target: LabelSet = { endpoint: 'http', instance: '10.42.9.105:8080' };

const cases: readonly [source: string, labels: LabelSet, about: LabelSet][] = [
  [
    'alertmanager issue 325: a machine with a monitor label',
    {
      alertname: 'node_down',
      env: 'prod',
      instance: 'testhost.local:9100',
      job: 'node',
      monitor: 'prometheus',
      severity: 'critical',
    },
    { node: 'testhost.local' },
  ],
  [
    'prometheus-am-executor issue 8: an exporter itself, at a loopback address',
    { alertname: 'PrometheusExportersAlert', instance: 'localhost:9107', job: 'consul-exporter' },
    { service: 'consul-exporter' },
  ],
  [
    'Rancher docs issue 2237: a component of the cluster',
    {
      alert_name: 'Scheduler is unavailable',
      alert_type: 'systemService',
      cluster_name: 'mycluster',
      component_name: 'scheduler',
      group_id: 'c-2a3bc:kube-components-alert',
      severity: 'critical',
    },
    { service: 'scheduler', cluster: 'mycluster' },
  ],
  [
    'sapcc helm-charts, rabbitmq alerts: the rule names the service',
    {
      alertname: 'NovaRabbitMQRPCUnackTotal',
      app: 'nova-rabbitmq',
      service: 'nova',
      tier: 'os',
      context: 'nova-rabbitmq',
      dashboard: 'rabbitmq',
      severity: 'critical',
    },
    { service: 'nova' },
  ],
  [
    'RabbitMQ cluster operator: a cluster of RabbitMQ',
    {
      alertname: 'HighConnectionChurn',
      rulesgroup: 'rabbitmq',
      namespace: 'shop',
      rabbitmq_cluster: 'orders-mq',
      severity: 'warning',
    },
    { service: 'orders-mq', namespace: 'shop' },
  ],
  [
    'CloudNativePG sample alerts: an instance',
    {
      ...target,
      alertname: 'LongRunningTransaction',
      namespace: 'data',
      pod: 'pg-orders-1',
      job: 'data/pg-orders',
      container: 'postgres',
    },
    { service: 'pg-orders', workload: 'pg-orders', pod: 'pg-orders-1', namespace: 'data' },
  ],
  [
    'Strimzi examples: a broker',
    {
      alertname: 'UnderReplicatedPartitions',
      kubernetes_pod_name: 'my-cluster-kafka-0',
      namespace: 'kafka',
      strimzi_io_cluster: 'my-cluster',
      job: 'kafka-resources-metrics',
    },
    { service: 'my-cluster-kafka', workload: 'my-cluster-kafka', pod: 'my-cluster-kafka-0', namespace: 'kafka' },
  ],
  [
    'Strimzi examples: lag, told by the Kafka exporter’s pod',
    {
      alertname: 'ConsumerGroupLag',
      consumergroup: 'billing',
      topic: 'orders',
      partition: '0',
      job: 'kubernetes-pods',
      kubernetes_pod_name: 'my-cluster-kafka-exporter-6d8f9c7b5d-x7k2p',
      container: 'my-cluster-kafka-exporter',
      namespace: 'kafka',
    },
    { service: 'billing', topic: 'orders', namespace: 'kafka' },
  ],
  [
    'cert-manager mixin: a certificate',
    {
      ...target,
      alertname: 'CertManagerCertExpirySoon',
      name: 'shop-tls',
      exported_namespace: 'shop',
      namespace: 'cert-manager',
      job: 'cert-manager',
      service: 'cert-manager',
      pod: 'cert-manager-5c6866597-zw7kh',
      container: 'cert-manager-controller',
    },
    { namespace: 'shop' },
  ],
  [
    'etcd mixin: a cluster',
    { alertname: 'etcdInsufficientMembers', job: 'kube-etcd', severity: 'critical' },
    { service: 'kube-etcd' },
  ],
  [
    'kubernetes-mixin: KubeContainerWaiting',
    {
      alertname: 'KubeContainerWaiting',
      container: 'cart',
      namespace: 'shop',
      pod: 'cart-7d9f8b6c5-abcde',
      reason: 'ImagePullBackOff',
      job: 'kube-state-metrics',
      severity: 'warning',
    },
    { service: 'cart', workload: 'cart', pod: 'cart-7d9f8b6c5-abcde', namespace: 'shop' },
  ],
  [
    'kubernetes-mixin: KubeStatefulSetReplicasMismatch',
    {
      ...target,
      alertname: 'KubeStatefulSetReplicasMismatch',
      statefulset: 'postgres',
      namespace: 'db',
      job: 'kube-state-metrics',
      service: 'prom-kube-state-metrics',
      pod: 'prom-kube-state-metrics-6c7d9b8f5-jk2x9',
      container: 'kube-state-metrics',
    },
    { service: 'postgres', workload: 'postgres', namespace: 'db' },
  ],
  [
    'kubernetes-mixin: CPUThrottlingHigh',
    {
      alertname: 'CPUThrottlingHigh',
      container: 'web',
      namespace: 'shop',
      pod: 'web-5f7b9d9c9d-2jzqk',
      severity: 'info',
    },
    { service: 'web', workload: 'web', pod: 'web-5f7b9d9c9d-2jzqk', namespace: 'shop' },
  ],
  [
    'Argo CD mixin: an application',
    {
      ...target,
      alertname: 'ArgoCdAppOutOfSync',
      name: 'checkout',
      project: 'default',
      dest_namespace: 'shop',
      dest_server: 'https://kubernetes.default.svc',
      sync_status: 'OutOfSync',
      job: 'argocd-metrics',
      service: 'argocd-metrics',
      namespace: 'argocd',
      pod: 'argocd-application-controller-0',
      container: 'application-controller',
    },
    { service: 'checkout', namespace: 'shop' },
  ],
  [
    'awesome-prometheus-alerts: a backend of Traefik',
    {
      alertname: 'TraefikHighHttp5xxErrorRateService',
      service: 'shop-checkout-80@kubernetes',
      job: 'traefik',
      instance: '10.1.1.1:9100',
    },
    { service: 'shop-checkout' },
  ],
  [
    'Rook and Ceph: a disk’s daemon on a machine',
    {
      ...target,
      alertname: 'CephOSDDown',
      ceph_daemon: 'osd.3',
      hostname: 'ceph-2',
      job: 'rook-ceph-mgr',
      service: 'rook-ceph-mgr',
      namespace: 'rook-ceph',
      pod: 'rook-ceph-mgr-a-7f9c5d6b8-q2x4z',
      container: 'mgr',
    },
    { node: 'ceph-2' },
  ],
  [
    'awesome-prometheus-alerts: a disk of Windows',
    { alertname: 'WindowsServerDiskSpaceUsage', volume: 'C:', instance: 'win-1:9182', job: 'windows_exporter' },
    { node: 'win-1' },
  ],
  [
    'awesome-prometheus-alerts: a replica of MySQL',
    {
      alertname: 'MysqlSlaveIoThreadNotRunning',
      instance: 'mysql-2:9104',
      job: 'mysql',
      master_host: 'mysql-1',
      channel_name: '',
    },
    { database: 'mysql-2' },
  ],
  [
    'Prometheus operator: a Probe',
    {
      alertname: 'BlackboxProbeFailed',
      instance: 'https://api.example.com/healthz',
      job: 'probe/monitoring/blackbox-api',
      namespace: 'monitoring',
    },
    { service: 'api.example.com' },
  ],
  [
    'cAdvisor in a Docker swarm: a container',
    {
      alertname: 'ContainerKilled',
      name: 'shop_checkout.1.x7k2pq9',
      container_label_com_docker_swarm_service_name: 'shop_checkout',
      image: 'shop/checkout:1',
      instance: '10.0.1.3:8080',
      job: 'cadvisor',
      id: '/docker/abc',
    },
    { service: 'shop_checkout' },
  ],
];

it.each(cases)('%s', (_source, labels, about) => {
  expect(resolveEntities(labels)).toEqual(about);
});

it('opensearch-datasource issue 427: a pod’s host name is its own, and its node is another', () => {
  const attributes = {
    'host.name': 'opentelemetry-demo-frontend-865f97d679-5jmwp',
    'k8s.deployment.name': 'opentelemetry-demo-frontend',
    'k8s.namespace.name': 'otel-demo',
    'k8s.pod.name': 'opentelemetry-demo-frontend-865f97d679-5jmwp',
    'process.executable.name': 'node',
  };
  const { service, node } = resolveResource(attributes, 'spans');
  expect({ service, node }).toEqual({ service: 'opentelemetry-demo-frontend', node: undefined });
});
