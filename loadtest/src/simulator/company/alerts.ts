/** Gives alerts the names, labels, severities and routes of the teams and tools that own their rules. */
import type { FiredAlert, RuleKind } from '../rules/rule.ts';
import type { AlertToSend } from '../wire/alertmanager.ts';
import type { Conventions, Labels, Route, RuleStyle, TeamConventions } from './conventions.ts';

export interface CompanyAlert {
  readonly alert: AlertToSend;
  readonly route: Route;
}

export function toCompanyAlert(fired: FiredAlert, conventions: Conventions): CompanyAlert {
  if (fired.kind === 'restart' && conventions.tellsKills) return exporterAlert(fired, killRule, conventions);
  const exporter = exporterOf[fired.kind];
  if (exporter !== undefined) return exporterAlert(fired, exporter, conventions);
  const { service } = fired.subject;
  const team = conventions.teamOf(service);
  const labels = { ...serviceLabels(service, team), ...team.environment, ...team.cluster };
  const alert = {
    ...fired,
    name: nameOf(fired.kind, service, team.ruleStyle),
    severity: team.severities[fired.severity],
    labels: team.ruleStyle === 'slo' ? { ...labels, slo: `${service}-${fired.kind}` } : labels,
  };
  return { alert, route: team.route };
}

function serviceLabels(service: string, { serviceLabel, namespace, name }: TeamConventions): Labels {
  // The Prometheus operator writes `namespace/name`.
  if (serviceLabel === 'job') return { job: `${namespace}/${service}`, instance: '10.8.3.17:9090', namespace };
  return { [serviceLabel]: service, team: name };
}

const readable: Readonly<Record<RuleKind, string>> = {
  'error-rate': 'high error rate',
  latency: 'high latency',
  cpu: 'high cpu',
  memory: 'high memory',
  restart: 'restarted',
  'pod-down': 'pod down',
  lag: 'consumer lag',
  'node-down': 'node down',
  absence: 'no telemetry',
  probe: 'probe failed',
  report: 'customers report a problem',
};

function nameOf(kind: RuleKind, service: string, style: RuleStyle): string {
  const words = readable[kind].split(' ');
  if (style === 'camel') return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  if (style === 'snake') return words.join('_');
  if (style === 'slo') return kind === 'error-rate' || kind === 'latency' ? 'ErrorBudgetBurn' : words.join('-');
  return `${service}: ${readable[kind]}`;
}

/** A public rule on the metrics of an exporter: its name, and the scrape labels of its series. */
interface ExporterRule {
  readonly name: string;
  readonly scrape: Labels;
}

const kubeStateMetrics: Labels = {
  service: 'kube-prometheus-stack-kube-state-metrics',
  job: 'kube-state-metrics',
  endpoint: 'http',
  instance: '10.8.1.4:8080',
  prometheus: 'monitoring/kube-prometheus-stack-prometheus',
};
const kubelet: Labels = {
  service: 'kube-prometheus-stack-kubelet',
  job: 'kubelet',
  endpoint: 'https-metrics',
  metrics_path: '/metrics/cadvisor',
  prometheus: 'monitoring/kube-prometheus-stack-prometheus',
};
const kafkaExporter: Labels = { job: 'kafka-exporter', instance: 'kafka-exporter:9308' };

const exporterOf: { readonly [kind in RuleKind]?: ExporterRule } = {
  cpu: { name: 'CPUThrottlingHigh', scrape: kubelet },
  memory: { name: 'ContainerHighMemoryUsage', scrape: kubelet },
  restart: { name: 'KubePodCrashLooping', scrape: kubeStateMetrics },
  'pod-down': { name: 'KubePodNotReady', scrape: kubeStateMetrics },
  'node-down': { name: 'KubeNodeNotReady', scrape: kubeStateMetrics },
  lag: { name: 'KafkaConsumersGroupLag', scrape: kafkaExporter },
};

/** A rule of many companies: the reason of the last termination. In the simulation only memory restarts a container. */
const killRule: ExporterRule = { name: 'ContainerTerminated', scrape: { ...kubeStateMetrics, reason: 'OOMKilled' } };

/** No environment, and the exporter as service: the subject is only in `pod`, `node` or `consumergroup`. */
function exporterAlert(fired: FiredAlert, { name, scrape }: ExporterRule, conventions: Conventions): CompanyAlert {
  const { subject, severity } = fired;
  const { namespace } = conventions.teamOf(subject.service);
  const own =
    fired.kind === 'lag'
      ? { consumergroup: subject.service }
      : { ...podLabels(subject.pod, namespace), ...(subject.node === '' ? {} : { node: subject.node }) };
  const labels = { ...scrape, ...own, ...conventions.platform };
  return { alert: { ...fired, name, severity, labels }, route: 'alertmanager' };
}

function podLabels(pod: string, namespace: string): Labels {
  return pod === '' ? { namespace: 'monitoring' } : { pod, namespace, container: 'app' };
}
