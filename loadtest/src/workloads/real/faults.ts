/** Every fault as it is made on a real API server: its manifests, what a kubelet would write, and what Faultline must say. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@faultline/kube/engine';
import type { FindingMechanism, ObjectReference } from '@faultline/model';
import { parseAllDocuments } from 'yaml';
import { crashing, evicted, failed, initFailed, type Status, unready, waiting } from './statuses.ts';

export interface RealFault {
  /** Also its namespace, and the name of its manifest. */
  readonly name: string;
  /** What Faultline must find, and the end of the field. The namespace is that of the fault, unless the object has another. */
  readonly expected: { readonly mechanism: FindingMechanism; readonly object: ObjectReference; readonly field: string };
  /** Who decides that it fails: a part of the control plane, or the stand-in for a kubelet. */
  readonly decidedBy: string;
  /** The status of new pods. Left out: they run. */
  readonly status?: Status;
  /** Pods are deleted after the manifest is applied, as nothing else makes new ones. */
  readonly isRestarted?: boolean;
  /** A condition of the node of this name. `Ready`: it sends no heartbeat any more. */
  readonly node?: { readonly name: string; readonly condition: string };
  /** The status of an object that no controller of the run writes. */
  readonly objectStatus?: { readonly kind: string; readonly name: string; readonly status: JsonObject };
  /** The fault removes a field that was there before, which only the field's manager can do by apply. */
  readonly isRemoval?: boolean;
  readonly hasChange: boolean;
}

const kubelet = 'kubelet (by hand)';
const scheduler = 'kube-scheduler';
const manager = 'kube-controller-manager';
const apiServer = 'kube-apiserver';

type Rest = Partial<Omit<RealFault, 'name' | 'expected' | 'decidedBy'>>;

function fault(
  name: string,
  mechanism: FindingMechanism,
  field: string,
  decidedBy: string,
  {
    kind = 'Deployment',
    namespace = name,
    object = 'pay',
    ...rest
  }: Rest & {
    readonly kind?: string;
    readonly namespace?: string;
    readonly object?: string;
  } = {},
): RealFault {
  const expected = { mechanism, object: { kind, namespace, name: object }, field };
  return { name, expected, decidedBy, hasChange: true, ...rest };
}

const pull = (why: string) => {
  const message = `failed to pull and unpack image "{image}": ${why}`;
  return waiting('ErrImagePull', message);
};
const resolve = 'failed to resolve reference "{image}": ';
const missing = (message: string) => waiting('CreateContainerConfigError', message);
const unhealthy = (message: string) => ({ reason: 'Unhealthy', message, container: 'pay' });
const data = 'volumes[data].persistentVolumeClaim';

export const realFaults: readonly RealFault[] = [
  fault('crash-by-exit-code', 'container-exits', 'containers[pay]', kubelet, { status: crashing({ exitCode: 1 }) }),
  fault('crash-by-signal', 'container-killed', 'containers[pay]', kubelet, { status: crashing({ exitCode: 139 }) }),
  fault('out-of-memory', 'out-of-memory', 'containers[pay].resources.limits.memory', kubelet, {
    status: crashing({ exitCode: 137, reason: 'OOMKilled' }),
  }),
  fault('cannot-start', 'container-cannot-start', 'containers[pay].command', kubelet, {
    status: waiting(
      'RunContainerError',
      'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "serve": executable file not found in $PATH',
    ),
  }),
  fault('image-not-found', 'image-not-found', 'containers[pay].image', kubelet, {
    status: pull(`${resolve}{image}: not found`),
  }),
  fault('image-denied', 'image-denied', 'containers[pay].image', kubelet, {
    status: pull(
      `${resolve}pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`,
    ),
  }),
  fault('registry-limits-pulls', 'image-rate-limited', 'containers[pay].image', kubelet, {
    status: pull(
      'failed to copy: httpReadSeeker: failed open: unexpected status code https://registry.example/v2/pay/manifests/1: 429 Too Many Requests - Server message: toomanyrequests: You have reached your unauthenticated pull rate limit.',
    ),
    isRestarted: true,
    hasChange: false,
  }),
  fault('registry-unreachable', 'image-registry-unreachable', 'containers[pay].image', kubelet, {
    status: pull(
      `${resolve}failed to do request: Head "https://registry.example/v2/pay/manifests/1": dial tcp: lookup registry.example on 10.96.0.10:53: no such host`,
    ),
    isRestarted: true,
    hasChange: false,
  }),
  fault('image-wrong-architecture', 'image-wrong-architecture', 'containers[pay].image', kubelet, {
    status: pull('no match for platform in manifest: not found'),
  }),
  fault('config-map-missing', 'config-map-missing', 'env[DB_URL].valueFrom.configMapKeyRef', kubelet, {
    status: missing('configmap "settings" not found'),
  }),
  fault('secret-missing', 'secret-missing', 'env[DB_URL].valueFrom.secretKeyRef', kubelet, {
    status: missing('secret "pay-db" not found'),
  }),
  fault('secret-key-removed', 'secret-key-missing', 'env[DB_URL].valueFrom.secretKeyRef', kubelet, {
    status: missing("couldn't find key url in Secret secret-key-removed/pay-db"),
    isRemoval: true,
    isRestarted: true,
  }),
  fault('bad-mount', 'mount-failed', 'volumes[data]', kubelet, {
    status: waiting('ContainerCreating', '', {
      reason: 'FailedMount',
      message:
        'MountVolume.SetUp failed for volume "data" : mount failed: exit status 32\nMounting command: mount\nOutput: mount.nfs: Failed to resolve server nfs.example: Name or service not known',
    }),
  }),
  fault('claim-missing', 'claim-missing', data, scheduler),
  fault('claim-without-volume', 'claim-without-volume', data, `${scheduler}, ${manager}`),
  fault('claim-of-missing-class', 'claim-without-volume', data, `${scheduler}, ${manager}`),
  fault('claim-not-provisioned', 'claim-without-volume', data, `${scheduler}, ${manager}`),
  fault('too-little-cpu', 'insufficient-resources', 'resources.requests.cpu', scheduler),
  fault('taint', 'taint-not-tolerated', 'tolerations', scheduler),
  fault('node-selector', 'node-selector-mismatch', 'nodeSelector', scheduler),
  fault('anti-affinity', 'affinity-unsatisfied', 'affinity', scheduler),
  fault('topology-spread', 'topology-spread-unsatisfied', 'topologySpreadConstraints', scheduler),
  fault('quota-exceeded', 'quota-exceeded', 'resources', apiServer),
  fault('limit-range', 'limit-range-violated', 'resources', apiServer),
  fault('service-account-missing', 'service-account-missing', 'serviceAccountName', apiServer),
  fault('admission-webhook-down', 'admission-webhook-down', 'spec.template', apiServer),
  fault('admission-refused', 'admission-refused', 'spec.template', apiServer),
  fault('readiness-probe', 'readiness-failing', 'containers[pay].readinessProbe', kubelet, {
    status: unready(unhealthy('Readiness probe failed: HTTP probe failed with statuscode: 503')),
  }),
  fault('liveness-probe', 'liveness-failing', 'containers[pay].livenessProbe', kubelet, {
    status: crashing({ exitCode: 137 }, unhealthy('Liveness probe failed: HTTP probe failed with statuscode: 500')),
  }),
  fault('init-container', 'init-container-failed', 'initContainers[migrate]', kubelet, { status: initFailed }),
  fault('failed-job', 'job-failed', 'backoffLimit', `${kubelet}, ${manager}`, {
    kind: 'Job',
    object: 'nightly',
    status: failed,
    hasChange: false,
  }),
  fault('stuck-rollout', 'rollout-stuck', 'progressDeadlineSeconds', manager, {
    status: unready(undefined, 'ReadinessGatesNotReady'),
  }),
  fault('selector-matches-nothing', 'selector-matches-nothing', 'spec.selector', manager, { kind: 'Service' }),
  fault('target-port-mismatch', 'target-port-mismatch', 'targetPort', manager, { kind: 'Service' }),
  fault('network-policy-ingress', 'network-policy-denies', 'spec.ingress[0].from', 'the object', {
    kind: 'NetworkPolicy',
    object: 'pay-callers',
  }),
  fault('network-policy-dns', 'network-policy-denies', 'spec.egress', 'the object', {
    kind: 'NetworkPolicy',
    object: 'pay-destinations',
  }),
  fault('dns-down', 'dns-down', 'spec.selector', manager, {
    kind: 'Service',
    namespace: 'kube-system',
    object: 'kube-dns',
  }),
  fault('autoscaler-without-metrics', 'autoscaler-without-metrics', 'spec.metrics', manager, {
    kind: 'HorizontalPodAutoscaler',
  }),
  fault('budget-blocks-drain', 'disruption-budget-blocks', 'minAvailable', manager, { kind: 'PodDisruptionBudget' }),
  fault('node-not-ready', 'node-not-ready', 'conditions[Ready]', manager, {
    kind: 'Node',
    namespace: '',
    object: 'n-lost',
    node: { name: 'n-lost', condition: 'Ready' },
    hasChange: false,
  }),
  ...(['DiskPressure', 'MemoryPressure'] as const).map((condition) => {
    const pool = condition === 'DiskPressure' ? 'disk' : 'memory';
    return fault(`node-${pool}-pressure`, `node-${pool}-pressure`, `conditions[${condition}]`, kubelet, {
      kind: 'Node',
      namespace: '',
      object: `n-${pool}`,
      node: { name: `n-${pool}`, condition },
      hasChange: false,
    });
  }),
  fault('pod-evicted', 'pod-evicted', '', kubelet, { status: evicted, isRestarted: true, hasChange: false }),
  fault('certificate-expired', 'certificate-expired', 'notAfter', 'cert-manager (by hand)', {
    kind: 'Certificate',
    object: 'pay-tls',
    objectStatus: { kind: 'Certificate', name: 'pay-tls', status: { notAfter: '2026-11-01T00:00:00Z' } },
    hasChange: false,
  }),
];

const folder = join(import.meta.dirname, 'manifests');

/** The objects of a manifest; none where it does not exist. */
export function manifest(name: string): readonly JsonObject[] {
  let text = '';
  try {
    text = readFileSync(join(folder, `${name}.yaml`), 'utf8');
  } catch {
    return [];
  }
  return parseAllDocuments(text).map((document) => document.toJS() as JsonObject);
}
