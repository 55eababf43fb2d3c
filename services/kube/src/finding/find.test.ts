/** The faults of a cluster, each from the objects that its API shows: mechanism, object and field at fault, and the target. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../api/json.ts';
import {
  clusterOf,
  containerStatus,
  crashed,
  type Draft,
  earlier,
  inShop,
  named,
  ownedBy,
  pay,
  waiting,
  warning,
} from '../testing/faulty-cluster.ts';
import { deployment } from '../testing/objects.ts';

const container = 'spec.template.spec.containers[pay]';

describe('containers', () => {
  it.each<[string, JsonObject, string]>([
    ['exits with a code', crashed({ exitCode: 1 }), `container-exits ${container}`],
    ['is killed by a signal', crashed({ exitCode: 139 }), `container-killed ${container}`],
    [
      'runs out of memory',
      crashed({ exitCode: 137, reason: 'OOMKilled' }),
      `out-of-memory ${container}.resources.limits.memory`,
    ],
    [
      'cannot start',
      waiting('RunContainerError', 'exec: "serve": executable file not found in $PATH'),
      `container-cannot-start ${container}.command`,
    ],
    [
      'has the wrong architecture',
      crashed({ exitCode: 128, reason: 'StartError', message: 'exec /bin/pay: exec format error' }),
      `image-wrong-architecture ${container}.image pay:1`,
    ],
  ])('a container that %s', (_what, status, expected) => {
    expect(named(pay({ status }))).toEqual([expected]);
  });

  it.each([
    ['rpc error: code = NotFound desc = failed to pull and unpack image', 'image-not-found'],
    ['pull access denied, repository does not exist or may require authorization', 'image-denied'],
    ['toomanyrequests: You have reached your pull rate limit', 'image-rate-limited'],
    ['dial tcp: lookup registry.example on 10.0.0.10:53: no such host', 'image-registry-unreachable'],
    ['no match for platform in manifest: not found', 'image-wrong-architecture'],
  ])('an image that cannot be pulled: %s', (message, mechanism) => {
    expect(named(pay({ status: waiting('ErrImagePull', message) }))).toEqual([`${mechanism} ${container}.image pay:1`]);
  });

  it('reads the cause of a back-off from the event that names it', () => {
    const faults = pay(
      { status: waiting('ImagePullBackOff', 'Back-off pulling image "pay:1"') },
      warning('pay-1-a', 'Failed', 'Failed to pull image: 429 Too Many Requests'),
    );
    expect(named(faults)).toEqual([`image-rate-limited ${container}.image pay:1`]);
  });

  it('an image whose name is no name', () => {
    expect(named(pay({ status: waiting('InvalidImageName') }))).toEqual([
      `image-name-invalid ${container}.image pay:1`,
    ]);
  });

  it('an init container that fails', () => {
    const failed = { name: 'migrate', state: { terminated: { exitCode: 2, reason: 'Error', finishedAt: earlier } } };
    const pod = { initContainers: [{ name: 'migrate', image: 'm:1' }] };
    expect(named(pay({ pod, status: { initContainerStatuses: [failed] } }))).toEqual([
      'init-container-failed spec.template.spec.initContainers[migrate]',
    ]);
  });

  it('a readiness probe that fails, once it had its time', () => {
    const status = (startedAt: string) => ({
      phase: 'Running',
      ...containerStatus({ ready: false, state: { running: { startedAt } } }),
    });
    const probed = { readinessProbe: { periodSeconds: 10 } };
    expect(named(pay({ container: probed, status: status(earlier) }))).toEqual([
      `readiness-failing ${container}.readinessProbe`,
    ]);
    expect(pay({ container: probed, status: status('2026-11-30T12:29:50Z') })).toEqual([]);
  });

  it('a liveness probe that kills', () => {
    const faults = pay(
      { container: { livenessProbe: {} }, status: crashed({ exitCode: 137 }) },
      warning('pay-1-a', 'Unhealthy', 'Liveness probe failed: HTTP probe failed with statuscode: 500'),
    );
    expect(named(faults)).toEqual([`liveness-failing ${container}.livenessProbe`]);
  });

  it('a container that was stopped on purpose, or is done, is healthy', () => {
    const ended = (terminated: JsonObject) =>
      pay({ status: { phase: 'Running', ...containerStatus({ state: { terminated } }) } });
    expect(ended({ exitCode: 143, reason: 'Error', finishedAt: earlier })).toEqual([]);
    expect(ended({ exitCode: 0, reason: 'Completed', finishedAt: earlier })).toEqual([]);
  });
});

describe('what a pod refers to', () => {
  const env = (from: JsonObject) => ({ env: [{ name: 'DB_URL', valueFrom: from }] });
  const blocked = waiting('CreateContainerConfigError', 'secret "pay-db" not found');
  const secretRef = env({ secretKeyRef: { name: 'pay-db', key: 'url' } });
  const reference = `${container}.env[DB_URL].valueFrom.secretKeyRef Secret pay-db url`;

  it('a Secret that is missing, and a key of it', () => {
    const other = ['Secret', { metadata: inShop('pay-db'), data: { password: 'eA==' } }] as const;
    expect(named(pay({ container: secretRef, status: blocked }))).toEqual([`secret-missing ${reference}`]);
    expect(named(pay({ container: secretRef, status: blocked }, other))).toEqual([`secret-key-missing ${reference}`]);
  });

  it.each([
    ['since its pod was made, where no container ran yet', 0, Date.parse(earlier)],
    ['since a time that nobody knows, where a container ran before', 4, null],
  ])('is missing %s', (_what, restartCount, sinceMs) => {
    const state = { waiting: { reason: 'CreateContainerConfigError', message: 'secret "pay-db" not found' } };
    const faults = pay({ container: secretRef, status: containerStatus({ state, restartCount }) });
    expect(faults.map((fault) => fault.sinceMs)).toEqual([sinceMs]);
  });

  it('is read from the message where Secrets may not be read', () => {
    const cluster = clusterOf(
      [
        [
          'Pod',
          {
            metadata: inShop('alone'),
            spec: { containers: [{ name: 'pay', ...secretRef }] },
            status: { phase: 'Pending', ...blocked },
          },
        ],
      ],
      ['secrets'],
    );
    expect(named(cluster('Pod', 'alone'))).toEqual([
      'secret-missing spec.containers[pay].env[DB_URL].valueFrom.secretKeyRef Secret pay-db url',
    ]);
  });

  it('a ConfigMap that is missing stops a volume and an environment', () => {
    const volume = { volumes: [{ name: 'conf', configMap: { name: 'pay' } }] };
    expect(named(pay({ pod: volume, status: waiting('ContainerCreating') }))).toEqual([
      'config-map-missing spec.template.spec.volumes[conf].configMap ConfigMap pay',
    ]);
    const from = env({ configMapKeyRef: { name: 'pay', key: 'url' } });
    expect(named(pay({ container: from, status: waiting('CreateContainerConfigError') }))).toEqual([
      `config-map-missing ${container}.env[DB_URL].valueFrom.configMapKeyRef ConfigMap pay url`,
    ]);
  });

  it('an optional reference stops nothing', () => {
    const optional = env({ secretKeyRef: { name: 'pay-db', key: 'url', optional: true } });
    expect(pay({ container: optional, status: waiting('CreateContainerConfigError') })).toEqual([]);
  });

  it('a volume that cannot be mounted or attached', () => {
    const mounted = pay(
      { status: waiting('ContainerCreating') },
      warning('pay-1-a', 'FailedMount', 'MountVolume.SetUp failed for volume "data" : mount failed: exit status 32'),
    );
    expect(named(mounted)).toEqual(['mount-failed spec.template.spec.volumes[data] data']);
    const attached = pay(
      { status: waiting('ContainerCreating') },
      warning('pay-1-a', 'FailedAttachVolume', 'Multi-Attach error for volume "pvc-1" Volume is already used'),
    );
    expect(named(attached)).toEqual(['attach-failed spec.template.spec.volumes[pvc-1] pvc-1']);
  });
});

describe('scheduling', () => {
  const unscheduled = (message: string): JsonObject => ({
    conditions: [
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message, lastTransitionTime: earlier },
    ],
  });

  it.each([
    [
      '3 Insufficient cpu, 2 Insufficient memory',
      'insufficient-resources spec.template.spec.containers[*].resources.requests.cpu cpu',
    ],
    ['5 node(s) had untolerated taint {gpu: true}', 'taint-not-tolerated spec.template.spec.tolerations'],
    [
      "5 node(s) didn't match Pod's node affinity/selector",
      'node-selector-mismatch spec.template.spec.affinity.nodeAffinity',
    ],
    ["5 node(s) didn't match pod anti-affinity rules", 'affinity-unsatisfied spec.template.spec.affinity'],
    [
      "5 node(s) didn't match pod topology spread constraints",
      'topology-spread-unsatisfied spec.template.spec.topologySpreadConstraints',
    ],
    ['5 node(s) had volume node affinity conflict', 'volume-node-conflict spec.template.spec.volumes'],
  ])('0/5 nodes are available: %s', (reasons, expected) => {
    const message = `0/5 nodes are available: ${reasons}. preemption: 0/5 nodes are available: 5 No preemption victims found.`;
    expect(named(pay({ status: unscheduled(message) }))).toEqual([expected]);
  });

  it('counts the nodes of each predicate, and blames what refuses the nodes that got furthest', () => {
    const message = '0/7 nodes are available: 3 Insufficient cpu, 4 node(s) had untolerated taint {gpu: true}.';
    expect(pay({ status: unscheduled(message) })[0]).toMatchObject({
      mechanism: 'insufficient-resources',
      targetKey: 'cpu',
      measures: { nodes: 7, 'insufficient-cpu': 3, 'untolerated-taint': 4 },
      sinceMs: Date.parse(earlier),
    });
  });

  it.each([
    ['a node that it fits', 'gpu', 'taint-not-tolerated spec.template.spec.tolerations'],
    ['no node that it fits', 'cpu', 'node-selector-mismatch spec.template.spec.nodeSelector'],
  ])('blames the selector only where the cluster has no node that it fits: %s', (_what, pool, expected) => {
    const node = ['Node', { metadata: { name: 'n9', labels: { pool } } }] as const;
    const status = unscheduled(
      "0/5 nodes are available: 1 node(s) had untolerated taint(s), 4 node(s) didn't match Pod's node affinity/selector.",
    );
    expect(named(pay({ pod: { nodeSelector: { pool: 'gpu' } }, status }, node))).toEqual([expected]);
  });

  it('a claim that is missing, and one that is not bound', () => {
    const message = '0/5 nodes are available: pod has unbound immediate PersistentVolumeClaims.';
    const pod = { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'pay-data' } }] };
    const field = 'spec.template.spec.volumes[data].persistentVolumeClaim PersistentVolumeClaim pay-data';
    expect(named(pay({ pod, status: unscheduled(message) }))).toEqual([`claim-missing ${field}`]);
    const pending = [
      'PersistentVolumeClaim',
      { metadata: inShop('pay-data'), spec: {}, status: { phase: 'Pending' } },
    ] as const;
    expect(named(pay({ pod, status: unscheduled(message) }, pending))).toEqual([`claim-without-volume ${field}`]);
  });
});

describe('workloads', () => {
  it.each([
    [
      'exceeded quota: team, requested: requests.cpu=1, used: requests.cpu=4, limited: requests.cpu=4',
      'quota-exceeded spec.template.spec.containers[*].resources ResourceQuota team requests.cpu',
    ],
    [
      'pods "pay-1-b" is forbidden: maximum cpu usage per Container is 1, but limit is 2',
      'limit-range-violated spec.template.spec.containers[*].resources cpu',
    ],
    [
      'Internal error occurred: failed calling webhook "check.example.com": no endpoints available',
      'admission-webhook-down spec.template ValidatingWebhookConfiguration check.example.com',
    ],
    [
      'admission webhook "check.example.com" denied the request: no',
      'admission-refused spec.template ValidatingWebhookConfiguration check.example.com',
    ],
    [
      'pods "pay-1" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true)',
      'admission-refused spec.template Namespace shop pod-security.kubernetes.io/enforce',
    ],
    [
      "pods \"pay-1\" is forbidden: ValidatingAdmissionPolicy 'no-latest' with binding 'all' denied request",
      'admission-refused spec.template ValidatingAdmissionPolicy no-latest',
    ],
    [
      'error looking up service account shop/pay: serviceaccount "pay" not found',
      'service-account-missing spec.template.spec.serviceAccountName ServiceAccount pay',
    ],
  ])('pods that are refused: %s', (message, expected) => {
    const status = {
      conditions: [
        { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message, lastTransitionTime: earlier },
      ],
    };
    const cluster = clusterOf([['Deployment', { ...deployment('pay'), status }]]);
    expect(named(cluster('Deployment', 'pay'))).toEqual([expected]);
  });

  it('a rollout past its deadline', () => {
    const status = {
      availableReplicas: 1,
      conditions: [
        { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', lastTransitionTime: earlier },
      ],
    };
    const cluster = clusterOf([['Deployment', { ...deployment('pay'), status }]]);
    expect(cluster('Deployment', 'pay')).toMatchObject([{ mechanism: 'rollout-stuck', affected: 2, total: 3 }]);
  });

  it('a failed job of a CronJob', () => {
    const status = { failed: 3, conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' }] };
    const cluster = clusterOf([
      ['CronJob', { metadata: inShop('nightly'), spec: {} }],
      ['Job', { metadata: inShop('nightly-29123456', ownedBy('CronJob', 'nightly')), spec: {}, status }],
    ]);
    expect(named(cluster('CronJob', 'nightly'))).toEqual(['job-failed spec.backoffLimit Job nightly-29123456']);
  });

  describe('a failed job', () => {
    const status = {
      failed: 3,
      conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', message: 'Job has failed.' }],
    };
    const job = (pod: JsonObject, spec: JsonObject = {}, jobStatus: JsonObject = status) =>
      clusterOf([
        ['Job', { metadata: inShop('nightly'), spec: {}, status: jobStatus }],
        ['Pod', { metadata: inShop('nightly-a', ownedBy('Job', 'nightly')), spec, status: pod }],
      ])('Job', 'nightly');
    const exited = {
      phase: 'Failed',
      containerStatuses: [
        { name: 'c', state: { terminated: { reason: 'Error', exitCode: 3, message: 'no rows', finishedAt: earlier } } },
      ],
    };

    it('is one fault with the exit code of its program, and not two', () => {
      const faults = job(exited);
      expect(named(faults)).toEqual(['job-failed spec.backoffLimit']);
      expect(faults).toMatchObject([{ measures: { exitCode: 3, failed: 3 }, message: 'Job has failed. no rows' }]);
    });

    it('whose pods could not start has the reason, too', () => {
      const env = [{ name: 'URL', valueFrom: { secretKeyRef: { name: 'db', key: 'url' } } }];
      const waits = { phase: 'Pending', ...waiting('CreateContainerConfigError') };
      expect(named(job(waits, { containers: [{ name: 'pay', env }] }))).toEqual([
        'secret-missing spec.template.spec.containers[pay].env[URL].valueFrom.secretKeyRef Secret db url',
        'job-failed spec.backoffLimit',
      ]);
    });

    it('that is tried again blames its program', () => {
      expect(named(job(exited, {}, { failed: 1 }))).toEqual(['container-exits spec.template.spec.containers[c]']);
    });
  });

  it('one fault of many pods is one finding, with how many pods it hits', () => {
    const pods = ['a', 'b', 'c'].map(
      (name) =>
        [
          'Pod',
          {
            metadata: inShop(name, ownedBy('ReplicaSet', 'pay-1')),
            spec: { containers: [{ name: 'pay' }] },
            status: name === 'c' ? { phase: 'Running' } : crashed({ exitCode: 1 }),
          },
        ] as const,
    );
    const cluster = clusterOf([
      ['Deployment', deployment('pay')],
      ['ReplicaSet', { metadata: inShop('pay-1', ownedBy('Deployment', 'pay')), spec: { replicas: 3 } }],
      ...pods,
    ]);
    expect(cluster('Deployment', 'pay')).toMatchObject([
      { mechanism: 'container-exits', affected: 2, total: 3, measures: { exitCode: 1, restarts: 4 } },
    ]);
  });

  it('a pod that was evicted', () => {
    const status = { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' };
    expect(named(pay({ status }))).toEqual(['pod-evicted  Node n1']);
  });
});

describe('the rest of a cluster', () => {
  const service = (spec: JsonObject): readonly [string, Draft] => ['Service', { metadata: inShop('pay'), spec }];
  const pod = (more: JsonObject = {}): readonly [string, Draft] => [
    'Pod',
    { metadata: inShop('p', { labels: { app: 'pay' } }), spec: {}, status: { phase: 'Running', ...more } },
  ];

  it('a Service that selects nothing', () => {
    const cluster = clusterOf([['Deployment', deployment('pay')], pod(), service({ selector: { app: 'paid' } })]);
    expect(named(cluster('Service', 'pay'))).toEqual(['selector-matches-nothing spec.selector app=paid']);
  });

  it('a Service without a ready endpoint', () => {
    const slice = (ready: boolean): readonly [string, Draft] => [
      'EndpointSlice',
      {
        metadata: inShop('pay-x', { labels: { 'kubernetes.io/service-name': 'pay' } }),
        endpoints: [{ conditions: { ready } }],
      },
    ];
    const faults = (ready: boolean) =>
      clusterOf([pod(), slice(ready), service({ selector: { app: 'pay' } })])('Service', 'pay');
    expect(named(faults(false))).toEqual(['no-ready-endpoints spec.selector']);
    expect(faults(true)).toEqual([]);
  });

  describe('the DNS of the cluster', () => {
    const inSystem = (name: string, more: JsonObject = {}) => ({ namespace: 'kube-system', name, ...more });
    const objects = (ready: boolean, replicas: number): readonly (readonly [string, Draft])[] => [
      ['Deployment', deployment('coredns', { namespace: 'kube-system', replicas })],
      ['Service', { metadata: inSystem('kube-dns', { uid: 'uid-s' }), spec: { selector: { app: 'coredns' } } }],
      [
        'EndpointSlice',
        {
          metadata: inSystem('kube-dns-x', { labels: { 'kubernetes.io/service-name': 'kube-dns' } }),
          endpoints: replicas === 0 ? [] : [{ conditions: { ready } }],
        },
      ],
      ...(replicas === 0
        ? []
        : [
            [
              'Pod',
              { metadata: inSystem('c-1', { labels: { app: 'coredns' } }), spec: {}, status: { phase: 'Running' } },
            ] as const,
          ]),
    ];
    const faults = (ready: boolean, replicas: number) =>
      named(clusterOf(objects(ready, replicas))('Service', 'kube-dns', 'kube-system'));

    it('is down without a ready pod, and without a pod that anybody wants', () => {
      expect(faults(false, 2)).toEqual(['dns-down spec.selector Deployment coredns']);
      expect(faults(false, 0)).toEqual(['dns-down spec.selector Deployment coredns']);
    });

    it('is up with one', () => {
      expect(faults(true, 2)).toEqual([]);
    });
  });

  it('a port that no container has', () => {
    const ports = [{ name: 'web', port: 80, targetPort: 'http' }];
    const cluster = clusterOf([['Deployment', deployment('pay')], pod(), service({ selector: { app: 'pay' }, ports })]);
    expect(named(cluster('Service', 'pay'))).toEqual(['target-port-mismatch spec.ports[web].targetPort http']);
  });

  it.each([
    ['Ready', 'Unknown', 'node-not-ready'],
    ['DiskPressure', 'True', 'node-disk-pressure'],
    ['MemoryPressure', 'True', 'node-memory-pressure'],
  ])('a node with %s %s', (type, status, mechanism) => {
    const conditions = [{ type, status, lastTransitionTime: earlier }];
    const cluster = clusterOf([
      ['Node', { metadata: { name: 'n1', labels: { 'topology.kubernetes.io/zone': 'z1' } }, status: { conditions } }],
    ]);
    expect(cluster('Node', 'n1', '')).toMatchObject([
      { mechanism, entities: { node: 'n1', zone: 'z1', cluster: 'east' } },
    ]);
  });

  it('a claim whose class is missing, and one that no volume fits', () => {
    const claim = (spec: JsonObject) =>
      clusterOf([['PersistentVolumeClaim', { metadata: inShop('data'), spec, status: { phase: 'Pending' } }]])(
        'PersistentVolumeClaim',
        'data',
      );
    expect(named(claim({ storageClassName: 'fast' }))).toEqual([
      'claim-without-class spec.storageClassName StorageClass fast',
    ]);
    expect(named(claim({}))).toEqual(['claim-without-volume spec.storageClassName']);
  });

  it('a claim that waits for its first pod is healthy; one whose volume cannot be made is not', () => {
    const objects = (more: readonly (readonly [string, Draft])[]) =>
      clusterOf([
        ['StorageClass', { metadata: { name: 'fast' }, provisioner: 'csi', volumeBindingMode: 'WaitForFirstConsumer' }],
        [
          'PersistentVolumeClaim',
          { metadata: inShop('data'), spec: { storageClassName: 'fast' }, status: { phase: 'Pending' } },
        ],
        ...more,
      ])('PersistentVolumeClaim', 'data');
    expect(objects([])).toEqual([]);
    expect(named(objects([warning('data', 'ProvisioningFailed', 'quota of disks')]))).toEqual([
      'claim-not-provisioned spec.storageClassName',
    ]);
  });

  it('an autoscaler without metrics, and one at its limit', () => {
    const scaler = (status: JsonObject) =>
      clusterOf([
        [
          'HorizontalPodAutoscaler',
          {
            metadata: inShop('pay'),
            spec: { maxReplicas: 5, scaleTargetRef: { kind: 'Deployment', name: 'pay' } },
            status,
          },
        ],
      ])('HorizontalPodAutoscaler', 'pay');
    expect(
      named(scaler({ conditions: [{ type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric' }] })),
    ).toEqual(['autoscaler-without-metrics spec.metrics']);
    expect(
      named(
        scaler({
          currentReplicas: 5,
          conditions: [{ type: 'ScalingLimited', status: 'True', reason: 'TooManyReplicas' }],
        }),
      ),
    ).toEqual(['autoscaler-at-limit spec.maxReplicas']);
  });

  it('a budget blocks only while a node is drained', () => {
    const budget = (unschedulable: boolean) =>
      clusterOf([
        ['Node', { metadata: { name: 'n1' }, spec: { unschedulable } }],
        [
          'Pod',
          { metadata: inShop('p', { labels: { app: 'pay' } }), spec: { nodeName: 'n1' }, status: { phase: 'Running' } },
        ],
        [
          'PodDisruptionBudget',
          {
            metadata: inShop('pay'),
            spec: { minAvailable: 1, selector: { matchLabels: { app: 'pay' } } },
            status: { expectedPods: 1, currentHealthy: 1, disruptionsAllowed: 0 },
          },
        ],
      ])('PodDisruptionBudget', 'pay');
    expect(named(budget(true))).toEqual(['disruption-budget-blocks spec.minAvailable Node n1']);
    expect(budget(false)).toEqual([]);
  });

  it.each([
    ['2026-11-30T12:00:00Z', 'certificate-expired'],
    ['2026-12-05T12:00:00Z', 'certificate-expiring'],
  ])('a certificate until %s', (notAfter, mechanism) => {
    const cluster = clusterOf([
      ['Certificate', { metadata: inShop('tls'), spec: { secretName: 'tls' }, status: { notAfter } }],
    ]);
    expect(named(cluster('Certificate', 'tls'))).toEqual([`${mechanism} status.notAfter Secret tls`]);
  });

  it('a delivery tool that failed', () => {
    const status = { conditions: [{ type: 'Ready', status: 'False', reason: 'BuildFailed' }] };
    const cluster = clusterOf([['Kustomization', { metadata: inShop('apps'), status }]]);
    expect(named(cluster('Kustomization', 'apps'))).toEqual(['delivery-failed status.conditions[Ready]']);
  });
});
