/** The table of workload faults: what happens in the cluster, and what a hypothesis must name. */

import type { JsonObject } from '@faultline/kube/engine';
import type { FindingMechanism, ObjectReference } from '@faultline/model';
import { type Cluster, type Draft, iso } from './cluster.ts';
import {
  deployment,
  healthy,
  type PodState,
  removePods,
  replacePods,
  replicas,
  rollOut,
  service,
  type Template,
  type WorkloadName,
} from './workload.ts';

export interface Making {
  readonly cluster: Cluster;
  readonly of: WorkloadName;
  readonly atMs: number;
  /** Who makes the change. */
  readonly manager: string;
  /** How many of its pods it hits, where it hits pods. */
  readonly count: number;
}

export interface Expected {
  readonly mechanism: FindingMechanism;
  readonly object: ObjectReference;
  /** The end of the field's path. */
  readonly field: string;
}

export interface WorkloadFault {
  readonly name: string;
  /** Whether calls to the workload fail. Otherwise only the rules of the cluster alert. */
  readonly isFelt: boolean;
  /** Whether a change of the cluster made it. */
  readonly hasChange: boolean;
  /** Whether every call in the cluster fails, and not only those to the workload. */
  readonly isEverywhere?: boolean;
  /** When the cluster shows it, after the change. Left out: within seconds. */
  readonly delayMs?: number;
  readonly make: (making: Making) => Expected;
}

const waiting = (reason: string, message = '') => ({ waiting: { reason, message } });

function containerState(of: WorkloadName, state: JsonObject, more: JsonObject = {}, phase = 'Pending'): JsonObject {
  return { phase, containerStatuses: [{ name: of.name, ready: false, restartCount: 4, state, ...more }] };
}

function crashed(of: WorkloadName, terminated: JsonObject, atMs: number): JsonObject {
  const last = { reason: 'Error', finishedAt: iso(atMs), ...terminated };
  return containerState(of, waiting('CrashLoopBackOff'), { lastState: { terminated: last } }, 'Running');
}

const deploymentOf = ({ name, namespace }: WorkloadName): ObjectReference => ({ kind: 'Deployment', namespace, name });

interface PodFault {
  readonly mechanism: FindingMechanism;
  readonly field: (of: WorkloadName) => string;
  readonly template?: (of: WorkloadName) => Template;
  readonly state: (of: WorkloadName, atMs: number) => PodState;
  /** False: pods of the same template break. */
  readonly byRollout?: boolean;
  /** What else happens before the pods break. */
  readonly before?: (making: Making) => void;
  readonly hasChange?: boolean;
}

/** A fault of the pods: by a rollout, or without one. */
function podFault(name: string, fault: PodFault): WorkloadFault {
  const { byRollout = true } = fault;
  return {
    name,
    isFelt: true,
    hasChange: fault.hasChange ?? byRollout,
    make: (making) => {
      const { cluster, of, atMs, manager, count } = making;
      const template = fault.template?.(of) ?? (byRollout ? { image: `${of.name}:2` } : {});
      fault.before?.(making);
      if (byRollout) rollOut(cluster, of, template, { atMs, manager });
      const state = fault.state(of, atMs + 10_000);
      replacePods(cluster, of, { template, state, count, from: 1, to: byRollout ? 2 : 1, atMs: atMs + 10_000 });
      return { mechanism: fault.mechanism, object: deploymentOf(of), field: fault.field(of) };
    },
  };
}

const containerField =
  (rest = '') =>
  ({ name }: WorkloadName) =>
    `containers[${name}]${rest}`;

function imageFault(name: string, mechanism: FindingMechanism, message: string, byRollout = true): WorkloadFault {
  return podFault(name, {
    mechanism,
    byRollout,
    field: containerField('.image'),
    state: (of) => ({ status: containerState(of, waiting('ErrImagePull', message)) }),
  });
}

const env = (from: JsonObject) => ({ container: { env: [{ name: 'DB_URL', valueFrom: from }] } });
const configError = (of: WorkloadName, message: string): PodState => ({
  status: containerState(of, waiting('CreateContainerConfigError', message)),
});
const secretOf = (of: WorkloadName, data: JsonObject): Draft => ({
  metadata: { namespace: of.namespace, name: `${of.name}-db` },
  type: 'Opaque',
  data,
});

function scheduling(
  name: string,
  mechanism: FindingMechanism,
  reasons: string,
  pod: JsonObject,
  field: string,
  container: JsonObject = {},
): WorkloadFault {
  const message = `0/5 nodes are available: ${reasons}. preemption: 0/5 nodes are available: 5 No preemption victims found.`;
  return podFault(name, {
    mechanism,
    field: () => field,
    template: () => ({ pod, container }),
    state: (_of, atMs) => ({
      status: {
        phase: 'Pending',
        conditions: [
          { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message, lastTransitionTime: iso(atMs) },
        ],
      },
    }),
  });
}

const claimPod = (of: WorkloadName): JsonObject => ({
  volumes: [{ name: 'data', persistentVolumeClaim: { claimName: `${of.name}-data` } }],
});
const unbound = '0/5 nodes are available: pod has unbound immediate PersistentVolumeClaims.';
const pendingClaim = (of: WorkloadName, spec: JsonObject): Draft => ({
  metadata: { namespace: of.namespace, name: `${of.name}-data` },
  spec,
  status: { phase: 'Pending' },
});

/** Pods that wait for a claim. What is wrong with the claim itself is a fault of its own. */
function claimFault(name: string, mechanism: FindingMechanism, before: (making: Making) => void): WorkloadFault {
  return podFault(name, {
    mechanism,
    field: () => 'volumes[data].persistentVolumeClaim',
    template: (of) => ({ pod: claimPod(of) }),
    before,
    state: (_of, atMs) => ({
      status: {
        phase: 'Pending',
        conditions: [
          {
            type: 'PodScheduled',
            status: 'False',
            reason: 'Unschedulable',
            message: unbound,
            lastTransitionTime: iso(atMs),
          },
        ],
      },
    }),
  });
}

/** The API server refuses the pods of a new ReplicaSet; the old ones were deleted. */
function refusal(name: string, mechanism: FindingMechanism, message: string, field: string): WorkloadFault {
  return {
    name,
    isFelt: true,
    hasChange: true,
    make: ({ cluster, of, atMs, manager }) => {
      const template = {
        image: `${of.name}:2`,
        ...(field.includes('serviceAccount') && { pod: { serviceAccountName: of.name } }),
      };
      const conditions = [
        {
          type: 'ReplicaFailure',
          status: 'True',
          reason: 'FailedCreate',
          message,
          lastTransitionTime: iso(atMs + 5000),
        },
      ];
      rollOut(cluster, of, template, { atMs, manager });
      cluster.put('Deployment', deployment(of, template, { conditions }), { atMs: atMs + 5000, manager });
      return { mechanism, object: deploymentOf(of), field };
    },
  };
}

function nodeFault(name: string, type: string, status: string, mechanism: FindingMechanism): WorkloadFault {
  return {
    name,
    isFelt: false,
    hasChange: false,
    make: ({ cluster, atMs }) => {
      const conditions = [{ type, status, reason: `Kubelet${type}`, lastTransitionTime: iso(atMs) }];
      const node = {
        metadata: { name: 'n1', labels: { 'topology.kubernetes.io/zone': 'z1' } },
        status: { conditions },
      };
      cluster.put('Node', node, { atMs, manager: 'kubelet' });
      return { mechanism, object: { kind: 'Node', namespace: '', name: 'n1' }, field: `conditions[${type}]` };
    },
  };
}

/** One object whose own status says what is wrong. */
function objectFault(
  name: string,
  kind: string,
  mechanism: FindingMechanism,
  field: string,
  draft: (making: Making) => Draft,
  more: Partial<WorkloadFault> = {},
): WorkloadFault {
  return {
    name,
    isFelt: false,
    hasChange: false,
    make: (making) => {
      const object = draft(making);
      making.cluster.put(kind, object, making);
      const namespace = String(object.metadata['namespace'] ?? '');
      return { mechanism, object: { kind, namespace, name: object.metadata.name }, field };
    },
    ...more,
  };
}

const inNamespace = ({ of }: Making, suffix = '') => ({ namespace: of.namespace, name: `${of.name}${suffix}` });

/** A policy for the pods of the workload that lets nobody in who exists. */
function policyFault(name: string, field: string, spec: JsonObject): WorkloadFault {
  return objectFault(
    name,
    'NetworkPolicy',
    'network-policy-denies',
    field,
    (making) => ({
      metadata: inNamespace(making),
      spec: { podSelector: { matchLabels: { app: making.of.name } }, ...spec },
    }),
    { isFelt: true, hasChange: true },
  );
}

const dns: WorkloadName = { namespace: 'kube-system', name: 'coredns', service: 'kube-dns' };

function startDns(cluster: Cluster, atMs: number): void {
  for (const [kind, draft] of healthy(dns, atMs)) cluster.put(kind, draft, { atMs, manager: 'installer' });
}

export const workloadFaults: readonly WorkloadFault[] = [
  podFault('crash loop by exit code', {
    mechanism: 'container-exits',
    field: containerField(),
    state: (of, atMs) => ({ status: crashed(of, { exitCode: 1 }, atMs) }),
  }),
  podFault('crash loop by signal', {
    mechanism: 'container-killed',
    field: containerField(),
    state: (of, atMs) => ({ status: crashed(of, { exitCode: 139 }, atMs) }),
  }),
  podFault('out of memory', {
    mechanism: 'out-of-memory',
    field: containerField('.resources.limits.memory'),
    template: () => ({ container: { resources: { limits: { memory: '64Mi' } } } }),
    state: (of, atMs) => ({ status: crashed(of, { exitCode: 137, reason: 'OOMKilled' }, atMs) }),
  }),
  imageFault('image not found', 'image-not-found', 'rpc error: code = NotFound desc = failed to pull and unpack image'),
  imageFault('image denied', 'image-denied', 'pull access denied, repository may require authorization'),
  imageFault(
    'registry limits pulls',
    'image-rate-limited',
    'toomanyrequests: You have reached your pull rate limit',
    false,
  ),
  imageFault(
    'registry unreachable',
    'image-registry-unreachable',
    'dial tcp: lookup registry.example: no such host',
    false,
  ),
  imageFault('wrong architecture', 'image-wrong-architecture', 'no match for platform in manifest: not found'),
  podFault('ConfigMap missing', {
    mechanism: 'config-map-missing',
    field: containerField('.env[DB_URL].valueFrom.configMapKeyRef'),
    template: () => env({ configMapKeyRef: { name: 'settings', key: 'url' } }),
    state: (of) => configError(of, 'configmap "settings" not found'),
  }),
  podFault('Secret missing', {
    mechanism: 'secret-missing',
    field: containerField('.env[DB_URL].valueFrom.secretKeyRef'),
    template: (of) => env({ secretKeyRef: { name: `${of.name}-db`, key: 'url' } }),
    state: (of) => configError(of, `secret "${of.name}-db" not found`),
  }),
  podFault('key of a Secret removed', {
    mechanism: 'secret-key-missing',
    field: containerField('.env[DB_URL].valueFrom.secretKeyRef'),
    template: (of) => env({ secretKeyRef: { name: `${of.name}-db`, key: 'url' } }),
    byRollout: false,
    hasChange: true,
    before: ({ cluster, of, atMs, manager }) => {
      const template = env({ secretKeyRef: { name: `${of.name}-db`, key: 'url' } });
      const early = { atMs: atMs - 3_600_000, manager: 'installer' };
      cluster.put('Secret', secretOf(of, { url: 'eA==', user: 'eA==' }), early);
      cluster.put('Deployment', deployment(of, template), early);
      cluster.put('Secret', secretOf(of, { user: 'eA==' }), { atMs, manager });
    },
    state: (of) => configError(of, `couldn't find key url in Secret ${of.namespace}/${of.name}-db`),
  }),
  podFault('bad mount', {
    mechanism: 'mount-failed',
    field: () => 'volumes[data]',
    template: () => ({ pod: { volumes: [{ name: 'data', nfs: { server: 'nfs' } }] } }),
    state: (of) => ({
      status: containerState(of, waiting('ContainerCreating')),
      warning: {
        reason: 'FailedMount',
        message: 'MountVolume.SetUp failed for volume "data" : mount failed: exit status 32',
      },
    }),
  }),
  claimFault('claim missing', 'claim-missing', () => undefined),
  claimFault('claim without a volume', 'claim-without-volume', ({ cluster, of, atMs, manager }) =>
    cluster.put('PersistentVolumeClaim', pendingClaim(of, {}), { atMs, manager }),
  ),
  claimFault('claim of a missing class', 'claim-without-volume', ({ cluster, of, atMs, manager }) =>
    cluster.put('PersistentVolumeClaim', pendingClaim(of, { storageClassName: 'fast' }), { atMs, manager }),
  ),
  scheduling('too little CPU', 'insufficient-resources', '5 Insufficient cpu', {}, 'resources.requests.cpu', {
    resources: { requests: { cpu: '64' } },
  }),
  scheduling(
    'taint',
    'taint-not-tolerated',
    '5 node(s) had untolerated taint {gpu: true}',
    { tolerations: [{ key: 'spot' }] },
    'tolerations',
  ),
  scheduling(
    'node selector',
    'node-selector-mismatch',
    "5 node(s) didn't match Pod's node affinity/selector",
    { nodeSelector: { disk: 'ssd' } },
    'nodeSelector',
  ),
  scheduling(
    'anti-affinity',
    'affinity-unsatisfied',
    "5 node(s) didn't match pod anti-affinity rules",
    { affinity: {} },
    'affinity',
  ),
  scheduling(
    'topology spread',
    'topology-spread-unsatisfied',
    "5 node(s) didn't match pod topology spread constraints",
    { topologySpreadConstraints: [{ maxSkew: 1 }] },
    'topologySpreadConstraints',
  ),
  refusal(
    'quota exceeded',
    'quota-exceeded',
    'exceeded quota: team, requested: requests.cpu=1, used: requests.cpu=4, limited: requests.cpu=4',
    'resources',
  ),
  refusal(
    'limit range',
    'limit-range-violated',
    'pods "x" is forbidden: maximum cpu usage per Container is 1, but limit is 2',
    'resources',
  ),
  refusal(
    'service account refused',
    'service-account-missing',
    'error looking up service account: serviceaccount "app" not found',
    'serviceAccountName',
  ),
  refusal(
    'admission webhook down',
    'admission-webhook-down',
    'Internal error occurred: failed calling webhook "check.example.com": no endpoints available',
    'spec.template',
  ),
  podFault('readiness probe', {
    mechanism: 'readiness-failing',
    field: containerField('.readinessProbe'),
    template: () => ({ container: { readinessProbe: { periodSeconds: 10, httpGet: { path: '/ready' } } } }),
    state: (of, atMs) => ({
      status: containerState(of, { running: { startedAt: iso(atMs) } }, { restartCount: 0 }, 'Running'),
      warning: { reason: 'Unhealthy', message: 'Readiness probe failed: HTTP probe failed with statuscode: 503' },
    }),
  }),
  podFault('liveness probe', {
    mechanism: 'liveness-failing',
    field: containerField('.livenessProbe'),
    template: () => ({ container: { livenessProbe: { httpGet: { path: '/live' } } } }),
    state: (of, atMs) => ({
      status: crashed(of, { exitCode: 137 }, atMs),
      warning: { reason: 'Unhealthy', message: 'Liveness probe failed: HTTP probe failed with statuscode: 500' },
    }),
  }),
  podFault('init container', {
    mechanism: 'init-container-failed',
    field: () => 'initContainers[migrate]',
    template: () => ({ pod: { initContainers: [{ name: 'migrate', image: 'migrate:2' }] } }),
    state: (_of, atMs) => ({
      status: {
        phase: 'Pending',
        initContainerStatuses: [
          { name: 'migrate', state: { terminated: { exitCode: 2, reason: 'Error', finishedAt: iso(atMs) } } },
        ],
      },
    }),
  }),
  objectFault('failed Job', 'Job', 'job-failed', 'backoffLimit', (making) => ({
    metadata: inNamespace(making, '-nightly'),
    spec: {},
    status: {
      failed: 3,
      conditions: [
        { type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', lastTransitionTime: iso(making.atMs) },
      ],
    },
  })),
  {
    name: 'stuck rollout',
    delayMs: 600_000,
    isFelt: false,
    hasChange: true,
    make: ({ cluster, of, atMs, manager }) => {
      const template = { image: `${of.name}:2` };
      rollOut(cluster, of, template, { atMs, manager });
      const conditions = [
        {
          type: 'Progressing',
          status: 'False',
          reason: 'ProgressDeadlineExceeded',
          lastTransitionTime: iso(atMs + 600_000),
        },
      ];
      cluster.put('Deployment', deployment(of, template, { availableReplicas: 2, conditions }), {
        atMs: atMs + 600_000,
        manager,
      });
      return { mechanism: 'rollout-stuck', object: deploymentOf(of), field: 'progressDeadlineSeconds' };
    },
  },
  objectFault(
    'selector matches nothing',
    'Service',
    'selector-matches-nothing',
    'spec.selector',
    ({ of }) => service(of, { selector: { app: `${of.name}-v2` } }),
    { isFelt: true, hasChange: true },
  ),
  objectFault(
    'port that no container has',
    'Service',
    'target-port-mismatch',
    'targetPort',
    ({ of }) => service(of, { ports: [{ name: 'http', port: 80, targetPort: 'web' }] }),
    { isFelt: true, hasChange: true },
  ),
  policyFault('network policy allows nobody', 'spec.ingress', { policyTypes: ['Ingress'] }),
  policyFault('network policy allows a wrong name', 'spec.ingress[0].from', {
    ingress: [{ from: [{ podSelector: { matchLabels: { app: 'nobody' } } }] }],
  }),
  {
    name: 'DNS scaled to nothing',
    isFelt: true,
    hasChange: true,
    isEverywhere: true,
    make: ({ cluster, atMs, manager }) => {
      startDns(cluster, atMs - 3_600_000);
      cluster.put('Deployment', deployment(dns, {}, {}, 0), { atMs, manager });
      removePods(cluster, dns, atMs + 1000);
      return {
        mechanism: 'dns-down',
        object: { kind: 'Service', namespace: dns.namespace, name: 'kube-dns' },
        field: 'spec.selector',
      };
    },
  },
  {
    name: 'DNS crashes',
    isFelt: true,
    hasChange: true,
    isEverywhere: true,
    make: ({ cluster, atMs, manager }) => {
      startDns(cluster, atMs - 3_600_000);
      rollOut(cluster, dns, { image: 'coredns:2' }, { atMs, manager });
      const state = { status: crashed(dns, { exitCode: 1 }, atMs + 10_000) };
      replacePods(cluster, dns, {
        template: { image: 'coredns:2' },
        state,
        count: replicas,
        from: 1,
        to: 2,
        atMs: atMs + 10_000,
      });
      return { mechanism: 'container-exits', object: deploymentOf(dns), field: `containers[${dns.name}]` };
    },
  },
  objectFault(
    'autoscaler without metrics',
    'HorizontalPodAutoscaler',
    'autoscaler-without-metrics',
    'spec.metrics',
    (making) => ({
      metadata: inNamespace(making),
      spec: { maxReplicas: 5, scaleTargetRef: { kind: 'Deployment', name: making.of.name } },
      status: {
        conditions: [
          {
            type: 'ScalingActive',
            status: 'False',
            reason: 'FailedGetResourceMetric',
            lastTransitionTime: iso(making.atMs),
          },
        ],
      },
    }),
  ),
  {
    name: 'budget blocks a drain',
    isFelt: false,
    hasChange: false,
    make: ({ cluster, of, atMs, manager }) => {
      cluster.put('Node', { metadata: { name: 'n1' }, spec: { unschedulable: true } }, { atMs, manager });
      const budget: Draft = {
        metadata: { namespace: of.namespace, name: of.name },
        spec: { minAvailable: replicas, selector: { matchLabels: { app: of.name } } },
        status: { expectedPods: replicas, currentHealthy: replicas, disruptionsAllowed: 0 },
      };
      cluster.put('PodDisruptionBudget', budget, { atMs: atMs + 1000, manager });
      const object = { kind: 'PodDisruptionBudget', namespace: of.namespace, name: of.name };
      return { mechanism: 'disruption-budget-blocks', object, field: 'minAvailable' };
    },
  },
  nodeFault('node not ready', 'Ready', 'Unknown', 'node-not-ready'),
  nodeFault('disk pressure', 'DiskPressure', 'True', 'node-disk-pressure'),
  nodeFault('memory pressure', 'MemoryPressure', 'True', 'node-memory-pressure'),
  objectFault('certificate expired', 'Certificate', 'certificate-expired', 'notAfter', (making) => ({
    metadata: inNamespace(making, '-tls'),
    spec: { secretName: `${making.of.name}-tls` },
    status: { notAfter: iso(making.atMs - 1000) },
  })),
];
