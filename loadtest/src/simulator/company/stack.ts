/**
 * Labels as kube-prometheus-stack gives them: its default rules on kube-state-metrics, kubelet and node-exporter, and rules of teams on
 * what their ServiceMonitors scrape. Source: the rules in the chart's templates/prometheus/rules-1.14, and notifications of such clusters
 * in public issues. A rule that does not aggregate keeps the scrape labels.
 */
import type { Random } from '../../random/random.ts';
import type { FiredAlert, RuleKind } from '../rules/rule.ts';
import type { Scenario } from '../scenario.ts';
import type { AlertToSend } from '../wire/alertmanager.ts';
import type { Labels } from './conventions.ts';

const prometheus = 'monitoring/kube-prometheus-stack-prometheus';
/** The scrape labels of kube-state-metrics, which honours the labels of the object (`honorLabels`). */
const kubeStateMetrics: Labels = {
  container: 'kube-state-metrics',
  endpoint: 'http',
  instance: '10.244.1.17:8080',
  job: 'kube-state-metrics',
  service: 'kube-prometheus-stack-kube-state-metrics',
};
/** The pod of the exporter itself. It stays where the metric has no `pod` of its own. */
const exporterPod: Labels = { pod: 'kube-prometheus-stack-kube-state-metrics-6b4d8c7f9b-x2wqz' };
/** `CPUThrottlingHigh` drops `job`, `node` and `endpoint`, but neither the service nor the address of the kubelet. */
const kubelet: Labels = { instance: '10.0.3.21:10250', service: 'kube-prometheus-stack-kubelet' };

interface StackRule {
  readonly name: string;
  readonly severity: string;
  readonly labels: (fired: FiredAlert) => Labels;
}

/** Services of one team share a namespace; the namespace is no environment. */
const namespace = 'shop';
const ofPod = ({ subject }: FiredAlert): Labels => ({ namespace, pod: subject.pod });
const ofService = ({ subject }: FiredAlert): Labels => ({ job: subject.service, namespace, service: subject.service });

const ruleOf: Readonly<Record<RuleKind, StackRule>> = {
  'error-rate': { name: 'HttpErrorRateHigh', severity: 'critical', labels: ofService },
  latency: { name: 'HttpLatencyP99High', severity: 'warning', labels: ofService },
  cpu: {
    name: 'CPUThrottlingHigh',
    severity: 'info',
    labels: (fired) => ({ ...kubelet, ...ofPod(fired), container: 'app' }),
  },
  memory: {
    name: 'ContainerMemoryNearLimit',
    severity: 'warning',
    labels: (fired) => ({ ...ofPod(fired), container: 'app' }),
  },
  restart: {
    name: 'KubePodCrashLooping',
    severity: 'warning',
    labels: (fired) => ({
      ...kubeStateMetrics,
      ...ofPod(fired),
      container: 'app',
      reason: 'CrashLoopBackOff',
      uid: 'd8f0f0a2-6f0c-4d0c-9d3b-1f3e2a7b9c11',
    }),
  },
  'pod-down': {
    name: 'KubePodNotReady',
    severity: 'warning',
    labels: (fired) => ({ ...ofPod(fired), job: 'kube-state-metrics' }),
  },
  lag: {
    name: 'KafkaConsumerGroupLag',
    severity: 'warning',
    labels: ({ subject }) => ({
      consumergroup: subject.service,
      job: 'kafka-exporter',
      namespace: 'kafka',
      service: 'kafka-exporter',
    }),
  },
  'node-down': {
    name: 'KubeNodeNotReady',
    severity: 'warning',
    labels: ({ subject }) => ({
      ...kubeStateMetrics,
      ...exporterPod,
      namespace: 'monitoring',
      condition: 'Ready',
      node: subject.node,
      status: 'true',
    }),
  },
  absence: { name: 'TargetDown', severity: 'warning', labels: ofService },
  probe: {
    name: 'ProbeFailed',
    severity: 'critical',
    labels: ({ subject }) => ({
      instance: `http://${subject.service}.shop.svc/healthz`,
      job: 'blackbox',
      namespace: 'monitoring',
    }),
  },
  report: { name: 'CustomerReports', severity: 'critical', labels: ofService },
};

export function toStackAlert(fired: FiredAlert): AlertToSend {
  const { name, severity, labels } = ruleOf[fired.kind];
  return { ...fired, name, severity, labels: { ...labels(fired), prometheus } };
}

const hour = 3_600_000;
/** Rules of the stack that fire for months in many clusters: no fault of the case. */
const standing: readonly (Pick<AlertToSend, 'name' | 'severity'> & {
  readonly labels: Labels;
  readonly chance: number;
})[] = [
  { name: 'Watchdog', severity: 'none', labels: {}, chance: 1 },
  {
    // It keeps the labels of the info alert that it inhibits.
    name: 'InfoInhibitor',
    severity: 'none',
    labels: { ...kubelet, alertstate: 'firing', container: 'app', namespace: 'shop', pod: 'web-6f9c8d7b5-k2x4z' },
    chance: 0.7,
  },
  { name: 'KubeSchedulerDown', severity: 'critical', labels: { job: 'kube-scheduler' }, chance: 0.4 },
  { name: 'KubeControllerManagerDown', severity: 'critical', labels: { job: 'kube-controller-manager' }, chance: 0.4 },
  { name: 'KubeMemoryOvercommit', severity: 'warning', labels: {}, chance: 0.4 },
  {
    name: 'KubeJobFailed',
    severity: 'warning',
    labels: {
      ...kubeStateMetrics,
      ...exporterPod,
      namespace: 'batch',
      job_name: 'report-28391',
      condition: 'true',
      reason: 'BackoffLimitExceeded',
    },
    chance: 0.5,
  },
  {
    name: 'NodeClockNotSynchronising',
    severity: 'warning',
    labels: {
      container: 'node-exporter',
      endpoint: 'http-metrics',
      instance: '10.0.3.21:9100',
      job: 'node-exporter',
      namespace: 'monitoring',
      pod: 'kube-prometheus-stack-prometheus-node-exporter-7hq2k',
      service: 'kube-prometheus-stack-prometheus-node-exporter',
    },
    chance: 0.3,
  },
];

export function standingAlerts({ onsetMs }: Scenario, random: Random): AlertToSend[] {
  return standing
    .filter(({ chance }) => random.chance(chance))
    .map(({ name, severity, labels }) => ({
      name,
      severity,
      labels: { ...labels, prometheus },
      summary: name,
      atMs: onsetMs - random.int(2, 72) * hour,
      endMs: null,
    }));
}
