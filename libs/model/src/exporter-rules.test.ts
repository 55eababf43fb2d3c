/** Label sets of exporters, as their public rules and documents show them, each with what it is about. */
import { describe, expect, it } from 'vitest';
import { explainEntities, resolveEntities } from './entity-resolution.ts';
import { exporterRules } from './exporter-rules.ts';
import { publicLabels } from './testing/public-labels.ts';

type LabelSet = Readonly<Record<string, string>>;

const kubeStateMetrics: LabelSet = {
  service: 'kps-kube-state-metrics',
  job: 'kube-state-metrics',
  endpoint: 'http',
  instance: '10.42.9.105:8080',
  container: 'kube-state-metrics',
  pod: 'kps-kube-state-metrics-7f9c5d6b8-q2x4z',
  namespace: 'monitoring',
};
/** A release called `kps-ksm`: only the container shows the exporter. */
const renamedRelease: LabelSet = {
  ...kubeStateMetrics,
  service: 'kps-ksm',
  job: 'monitoring/kps-ksm',
  pod: 'kps-ksm-7f9c5d6b8-q2x4z',
};
const ciliumAgent: LabelSet = {
  job: 'cilium-agent',
  pod: 'cilium-x2x4z',
  namespace: 'kube-system',
  node: 'w3',
};
const cases: readonly [exporter: string, what: string, labels: LabelSet, about: LabelSet][] = [
  [
    'kube-state-metrics',
    'a pod',
    { ...kubeStateMetrics, pod: 'executor-849ffcf9c7-wbmvz', namespace: 'backup', container: 'executor' },
    { service: 'executor', workload: 'executor', pod: 'executor-849ffcf9c7-wbmvz', namespace: 'backup' },
  ],
  [
    'kube-state-metrics',
    'a node',
    { ...kubeStateMetrics, node: 'ip-10-0-1-23', condition: 'Ready' },
    { node: 'ip-10-0-1-23' },
  ],
  [
    'kube-state-metrics',
    'a deployment',
    { ...kubeStateMetrics, deployment: 'cart', namespace: 'shop' },
    { service: 'cart', workload: 'cart', namespace: 'shop' },
  ],
  [
    'kube-state-metrics',
    'a deployment, labels not honoured',
    { ...kubeStateMetrics, deployment: 'cart', exported_namespace: 'shop' },
    { service: 'cart', workload: 'cart', namespace: 'shop' },
  ],
  [
    'kube-state-metrics',
    'a pod, labels not honoured',
    { ...kubeStateMetrics, exported_pod: 'cart-0', exported_namespace: 'shop', exported_container: 'cart' },
    { service: 'cart', workload: 'cart', pod: 'cart-0', namespace: 'shop' },
  ],
  [
    'kube-state-metrics',
    'an autoscaler',
    { ...kubeStateMetrics, horizontalpodautoscaler: 'cart', namespace: 'shop' },
    { service: 'cart', workload: 'cart', namespace: 'shop' },
  ],
  [
    'kube-state-metrics',
    'a run of a cron job',
    { ...kubeStateMetrics, job_name: 'nightly-export-29123456', namespace: 'shop' },
    { service: 'nightly-export', workload: 'nightly-export', namespace: 'shop' },
  ],
  [
    'kube-state-metrics',
    'itself, when nothing else is named',
    {
      alertname: 'TargetDown',
      severity: 'warning',
      job: 'kube-state-metrics',
      namespace: 'monitoring',
      service: 'kps-kube-state-metrics',
    },
    { service: 'kps-kube-state-metrics', namespace: 'monitoring' },
  ],
  [
    'kube-state-metrics',
    'a deployment, where only the container is called after the exporter',
    { ...renamedRelease, deployment: 'cart', namespace: 'shop' },
    { service: 'cart', workload: 'cart', namespace: 'shop' },
  ],
  [
    'kube-state-metrics',
    'a pod, where only the container is called after the exporter',
    { ...renamedRelease, pod: 'cart-0', namespace: 'shop' },
    { service: 'cart', workload: 'cart', pod: 'cart-0', namespace: 'shop' },
  ],
  [
    'kube-state-metrics',
    'an autoscaler of KEDA',
    { ...kubeStateMetrics, horizontalpodautoscaler: 'keda-hpa-cart', namespace: 'shop' },
    { service: 'cart', workload: 'cart', namespace: 'shop' },
  ],
  [
    'kube-state-metrics',
    'a disruption budget that is called after its workload',
    { ...kubeStateMetrics, poddisruptionbudget: 'cart-pdb', namespace: 'shop' },
    { service: 'cart', workload: 'cart', namespace: 'shop' },
  ],
  [
    'kube-state-metrics',
    'an autoscaler that is called hpa',
    { ...kubeStateMetrics, horizontalpodautoscaler: 'hpa', namespace: 'shop' },
    { service: 'hpa', workload: 'hpa', namespace: 'shop' },
  ],
  [
    'kubelet',
    'a volume claim',
    {
      job: 'kubelet',
      service: 'kps-kubelet',
      endpoint: 'https-metrics',
      instance: '10.0.0.4:10250',
      node: 'n4',
      metrics_path: '/metrics',
      namespace: 'data',
      persistentvolumeclaim: 'data-kafka-0',
    },
    { service: 'kafka', workload: 'kafka', node: 'n4', namespace: 'data' },
  ],
  [
    'kubelet',
    'a node by address',
    { job: 'kubelet', service: 'kps-kubelet', instance: '10.0.0.4:10250', quantile: '0.99' },
    { node: '10.0.0.4' },
  ],
  [
    'cadvisor',
    'a pod',
    {
      job: 'kubelet',
      service: 'kps-kubelet',
      metrics_path: '/metrics/cadvisor',
      instance: '10.0.0.4:10250',
      namespace: 'shop',
      pod: 'cart-579f59597d-wc2lz',
      container: 'cart',
    },
    { service: 'cart', workload: 'cart', pod: 'cart-579f59597d-wc2lz', namespace: 'shop' },
  ],
  [
    'cadvisor',
    'a container of Docker',
    {
      job: 'cadvisor',
      instance: 'cadvisor:8080',
      name: 'shop-cart-1',
      container_label_com_docker_compose_service: 'cart',
      id: '/docker/ab',
    },
    { service: 'cart' },
  ],
  [
    'node',
    'a machine',
    {
      job: 'node-exporter',
      service: 'kps-prometheus-node-exporter',
      namespace: 'monitoring',
      pod: 'kps-prometheus-node-exporter-x7k2p',
      container: 'node-exporter',
      endpoint: 'http-metrics',
      instance: 'n4:9100',
      device: '/dev/sda1',
      mountpoint: '/',
    },
    { node: 'n4' },
  ],
  [
    'node',
    'a machine of a plain Prometheus',
    { job: 'node', instance: 'web-01:9100', device: 'eth0' },
    { node: 'web-01' },
  ],
  [
    'process',
    'a process',
    { job: 'process-exporter', instance: 'web-01:9256', groupname: 'nginx' },
    { service: 'nginx' },
  ],
  [
    'blackbox',
    'a probed address',
    { job: 'blackbox', instance: 'https://shop.example.com/health' },
    { service: 'shop.example.com' },
  ],
  [
    'blackbox',
    'a probed service of the cluster',
    { job: 'blackbox-exporter', instance: 'blackbox-exporter:9115', target: 'http://checkout.shop.svc:8080/healthz' },
    { service: 'checkout' },
  ],
  [
    'postgres',
    'a database',
    {
      job: 'postgres-exporter',
      instance: '10.1.2.3:9187',
      datname: 'orders',
      server: 'pg-1:5432',
      namespace: 'monitoring',
    },
    { database: 'orders' },
  ],
  ['postgres', 'a server', { job: 'postgres_exporter', instance: 'pg-orders:9187' }, { database: 'pg-orders' }],
  [
    'postgres',
    'the pod that it runs in',
    { job: 'pg-orders', container: 'postgres-exporter', pod: 'pg-orders-0', namespace: 'data' },
    { service: 'pg-orders', workload: 'pg-orders', pod: 'pg-orders-0', namespace: 'data' },
  ],
  ['mysql', 'a server', { job: 'mysqld_exporter', instance: 'mysql-orders:9104' }, { database: 'mysql-orders' }],
  [
    'redis',
    'a server',
    { job: 'redis-exporter', instance: 'redis-exporter:9121', addr: 'redis://cart-redis:6379' },
    { database: 'cart-redis' },
  ],
  [
    'mongodb',
    'a replica set',
    { job: 'mongodb-exporter', instance: '10.1.2.3:9216', rs_nm: 'orders-rs' },
    { database: 'orders-rs' },
  ],
  [
    'elasticsearch',
    'a cluster of its own, not of Kubernetes',
    { job: 'elasticsearch-exporter', instance: '10.1.2.3:9114', cluster: 'logs', name: 'es-0' },
    { database: 'logs' },
  ],
  [
    'kafka',
    'a consumer group and its topic',
    { job: 'kafka-exporter', instance: '10.1.2.3:9308', consumergroup: 'billing', topic: 'orders', partition: '3' },
    { service: 'billing', topic: 'orders' },
  ],
  [
    'rabbitmq',
    'a queue',
    { job: 'rabbitmq-exporter', instance: '10.1.2.3:9419', vhost: '/', queue: 'orders' },
    { topic: 'orders' },
  ],
  [
    'ingress-nginx',
    'the service behind an ingress',
    {
      job: 'ingress-nginx-controller-metrics',
      service: 'ingress-nginx-controller-metrics',
      pod: 'ingress-nginx-controller-6d5f4-abcde',
      namespace: 'ingress-nginx',
      exported_namespace: 'shop',
      exported_service: 'checkout',
      ingress: 'shop',
      host: 'shop.example.com',
      status: '503',
    },
    { service: 'checkout', workload: 'shop', namespace: 'shop' },
  ],
  ['nginx', 'a server', { job: 'nginx-exporter', instance: 'web:9113' }, { service: 'web' }],
  [
    'haproxy',
    'a backend',
    { job: 'haproxy-exporter', instance: '10.1.2.3:9101', proxy: 'checkout-be', server: 's1' },
    { service: 'checkout-be' },
  ],
  [
    'haproxy',
    'a backend, told by HAProxy itself',
    { job: 'haproxy', instance: 'lb-1:8404', proxy: 'checkout-be' },
    { service: 'checkout-be' },
  ],
  [
    'cloudwatch',
    'a database',
    { job: 'cloudwatch', instance: 'yace:5000', dimension_DBInstanceIdentifier: 'orders-db', region: 'eu-west-1' },
    { database: 'orders-db' },
  ],
  [
    'cloudwatch',
    'a load balancer',
    { job: 'yace', dimension_LoadBalancer: 'app/shop/50dc6c495c0c9188' },
    { service: 'shop' },
  ],
  ['cloudwatch', 'a function', { job: 'cloudwatch_exporter', function_name: 'charge' }, { service: 'charge' }],
  ['snmp', 'a device', { job: 'snmp', instance: 'switch-3', ifName: 'Gi0/1' }, { node: 'switch-3' }],
  [
    'jmx',
    'the pod that it runs in',
    { job: 'jmx-exporter', pod: 'kafka-0', namespace: 'data' },
    { service: 'kafka', workload: 'kafka', pod: 'kafka-0', namespace: 'data' },
  ],
  [
    'istio',
    'the called side',
    {
      job: 'envoy-stats',
      app: 'front',
      pod: 'front-579f59597d-wc2lz',
      destination_service_name: 'checkout',
      destination_workload: 'checkout-v2',
      destination_workload_namespace: 'shop',
      source_workload: 'front',
      reporter: 'source',
    },
    { service: 'checkout', workload: 'checkout-v2', namespace: 'shop' },
  ],
  [
    'linkerd',
    'the called side',
    { job: 'linkerd-proxy', deployment: 'front', dst_deployment: 'checkout', direction: 'outbound' },
    { service: 'checkout', workload: 'checkout' },
  ],
  [
    'cilium',
    'the called side',
    { job: 'hubble-metrics', source: 'shop/front', destination: 'shop/checkout', verdict: 'DROPPED' },
    { service: 'checkout' },
  ],
  [
    'cilium',
    'the called pod',
    { job: 'hubble-metrics', source: 'shop/front', destination: 'shop/checkout-579f59597d-wc2lz' },
    { service: 'checkout' },
  ],
  [
    'cilium',
    'the agent, on its node',
    { job: 'cilium-agent', pod: 'cilium-x2x4z', namespace: 'kube-system', node: 'w3', k8s_app: 'cilium' },
    { service: 'cilium', workload: 'cilium', pod: 'cilium-x2x4z', node: 'w3', namespace: 'kube-system' },
  ],
  [
    'cilium',
    'the agent, by the name of the alert',
    { ...ciliumAgent, alertname: 'CiliumAgentEndpointFailures', endpoint_state: 'invalid' },
    { service: 'cilium', workload: 'cilium', pod: 'cilium-x2x4z', node: 'w3', namespace: 'kube-system' },
  ],
  [
    'cilium',
    'a node that the agent cannot reach',
    { ...ciliumAgent, alertname: 'CiliumUnreachableNodes', target_node: 'w4', type: 'endpoint' },
    { node: 'w3' },
  ],
  [
    'kubelet',
    'the node',
    { job: 'kubelet', alertname: 'KubeletTooManyPods', node: 'w3', namespace: 'kube-system' },
    { node: 'w3' },
  ],
  [
    'redis',
    'the exporter, by the name of the alert',
    { job: 'redis-exporter', alertname: 'RedisExporterLastScrapeError', instance: 'redis-exporter:9121', err: 'EOF' },
    { service: 'redis-exporter' },
  ],
  [
    'longhorn',
    'a node of it',
    {
      job: 'longhorn-backend',
      alertname: 'LonghornNodeDown',
      node: 'w3',
      condition: 'ready',
      namespace: 'longhorn-system',
    },
    { node: 'w3' },
  ],
  [
    'pushgateway',
    'what pushed',
    { job: 'pushgateway', instance: 'pushgateway:9091', exported_job: 'nightly-backup' },
    { service: 'nightly-backup' },
  ],
  [
    'scrape-job',
    'a pod',
    { job: 'kubernetes-pods', app: 'cart', pod: 'cart-579f59597d-wc2lz', instance: '10.1.2.3:8080' },
    { service: 'cart', workload: 'cart', pod: 'cart-579f59597d-wc2lz' },
  ],
  ['collector', 'itself', { job: 'otelcol', instance: '10.1.2.3:8888', exporter: 'otlp' }, { service: 'otelcol' }],
  [
    'collector',
    'Prometheus itself',
    { job: 'prometheus-k8s', namespace: 'monitoring', pod: 'prometheus-k8s-0', rule_group: 'x' },
    { service: 'prometheus-k8s', workload: 'prometheus-k8s', pod: 'prometheus-k8s-0', namespace: 'monitoring' },
  ],
  [
    'argo-cd',
    'an application',
    { job: 'argocd-metrics', name: 'checkout', dest_namespace: 'shop', namespace: 'argocd' },
    { service: 'checkout', namespace: 'shop' },
  ],
  [
    'flux',
    'what it reconciles',
    { job: 'helm-controller', name: 'checkout', exported_namespace: 'shop', kind: 'HelmRelease' },
    { service: 'checkout', namespace: 'shop' },
  ],
  [
    'cert-manager',
    'a namespace',
    { job: 'cert-manager', name: 'tls', exported_namespace: 'shop', namespace: 'cert-manager' },
    { namespace: 'shop' },
  ],
  [
    'ceph',
    'a machine',
    { job: 'rook-ceph-mgr', hostname: 'ceph-2', ceph_daemon: 'osd.3', namespace: 'rook-ceph' },
    { node: 'ceph-2' },
  ],
  [
    'keda',
    'a workload',
    { job: 'keda-operator', scaledObject: 'checkout', exported_namespace: 'shop' },
    { service: 'checkout', workload: 'checkout', namespace: 'shop' },
  ],
  [
    'traefik',
    'the service behind it',
    { job: 'traefik', service: 'shop-checkout-80@kubernetes' },
    { service: 'shop-checkout' },
  ],
  [
    'mysql',
    'a server, by its job',
    { job: 'mysql', instance: 'mysql-2:9104', master_host: 'mysql-1' },
    { database: 'mysql-2' },
  ],
  [
    'mysql',
    'the job where there is an address only',
    { job: 'mysql', instance: '10.1.2.3:9104', master_host: 'mysql-1' },
    { service: 'mysql' },
  ],
  [
    'redis',
    'a service that is called like one',
    { service: 'redis', namespace: 'shop' },
    { service: 'redis', namespace: 'shop' },
  ],
  [
    'other',
    'what it names',
    { job: 'custom-exporter', service: 'custom-exporter', deployment: 'cart' },
    { service: 'cart', workload: 'cart' },
  ],
];

describe('what scraped a series is never its subject', () => {
  it.each(cases)('%s: %s', (_exporter, _what, labels, about) => {
    expect(resolveEntities(labels)).toEqual(about);
  });
  it('every exporter has a case', () => {
    const elsewhere = publicLabels.map(({ labels }) => explainEntities(labels).exporter);
    const tried = new Set([...cases.map(([exporter]) => exporter), ...elsewhere]);
    expect(exporterRules.map(({ id }) => id).filter((id) => !tried.has(id))).toEqual([]);
  });
});
