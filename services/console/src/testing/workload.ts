import type { Finding, RecordedChange, Workload, WorkloadSummary } from '../api/types.ts';

const pay = { kind: 'Deployment', namespace: 'shop', name: 'pay' };
const secret = { kind: 'Secret', namespace: 'shop', name: 'pay-db' };

export function aFinding(changed: Partial<Finding> = {}): Finding {
  return {
    fault: {
      id: 'f1',
      mechanism: 'secret-missing',
      object: pay,
      field: 'spec.template.spec.containers[pay].env[DB_URL].valueFrom.secretKeyRef',
      target: secret,
      targetKey: 'url',
      since: '2026-03-01T14:03:00Z',
      endedAt: null,
      affected: 1,
      total: 3,
      measures: {},
      changedBy: { changeId: 'c2', object: secret, actor: 'kustomize-controller', at: '2026-03-01T14:03:00Z' },
      text: 'Deployment shop/pay: env DB_URL refers to key url of Secret pay-db, which is missing',
    },
    cluster: 'east',
    environment: 'production',
    reason: 'CreateContainerConfigError',
    message: 'secret "pay-db" not found',
    checkCommand: 'kubectl -n shop describe secret pay-db',
    change: null,
    ...changed,
  };
}

export function aRollout(changed: Partial<RecordedChange> = {}): RecordedChange {
  return {
    id: 'c1',
    source: 'kubernetes',
    kind: 'deploy',
    environment: 'production',
    entities: {},
    summary: 'Deployment shop/pay changed: pay 1 to 2',
    actor: 'ann',
    startedAt: '2026-03-01T14:00:00Z',
    endedAt: null,
    version: '2',
    previousVersion: '1',
    url: 'javascript:alert(1)',
    clusterChange: {
      object: pay,
      revision: '4',
      manager: 'argocd',
      commit: 'abc',
      images: [],
      paths: [{ path: 'spec.replicas', from: '', to: '3' }],
      omittedPaths: 2,
      rollout: { state: 'stuck', reason: 'Late', updated: 1, available: 2, desired: 3, at: '2026-03-01T14:10:00Z' },
    },
    ...changed,
  };
}

export function aSummary(changed: Partial<WorkloadSummary> = {}): WorkloadSummary {
  return {
    workload: { cluster: 'east', object: pay },
    environment: 'production',
    service: 'payments',
    team: 'payers',
    health: { state: 'failing', desired: 3, pods: 2, affected: 1, since: '2026-03-01T14:03:00Z' },
    images: [{ container: 'pay', image: 'pay:2' }],
    problem: 'Secret pay-db is missing',
    findings: 1,
    lastChangedAt: '2026-03-01T14:00:00Z',
    ...changed,
  };
}

export function aDrift(changed: Partial<Workload['drift'][number]> = {}): Workload['drift'][number] {
  return {
    id: 'd1',
    workload: { cluster: 'east', object: pay },
    environment: 'production',
    against: 'cluster',
    reference: 'west',
    path: 'spec.template.spec.containers[pay].resources.limits.memory',
    value: '"128Mi"',
    expected: '"512Mi"',
    isHashed: false,
    since: '2026-02-24T09:00:00Z',
    actor: 'ann',
    changeId: '',
    team: 'payers',
    risk: 'high',
    riskReason: 'it decides when the kernel kills the container',
    repair: { patch: '[]', command: 'kubectl -n shop patch deployment pay' },
    state: 'open',
    acceptance: null,
    ...changed,
  };
}

export function aContainer(changed: Partial<Workload['rightsizing'][number]> = {}): Workload['rightsizing'][number] {
  const gib = 1024 ** 3;
  return {
    workload: { cluster: 'east', object: pay },
    environment: 'production',
    container: 'pay',
    team: 'payers',
    replicas: 3,
    idleReplicas: 0,
    cpu: {
      request: 2,
      limit: -1,
      p95: 0.25,
      max: 0.9,
      recommendedRequest: 0.29,
      recommendedLimit: -1,
      recommendedLower: 0.2,
      recommendedUpper: 0.4,
    },
    memory: {
      request: 2 * gib,
      limit: 2 * gib,
      p95: 0.25 * gib,
      max: 0.375 * gib,
      recommendedRequest: 0.5 * gib,
      recommendedLimit: 0.5 * gib,
      recommendedLower: 0.4 * gib,
      recommendedUpper: 0.6 * gib,
    },
    throttledShare: 0.12,
    oomKills: 2,
    dataHours: 200,
    neededHours: 168,
    method: 'krr',
    reasons: ['95 % of the samples of 8 days used at most 250m.'],
    freeable: null,
    ...changed,
  };
}

/** A rollout that does not finish, as its Secret is missing. */
export function aWorkload(changed: Partial<Workload> = {}): Workload {
  return {
    summary: aSummary(),
    answer: 'The rollout that ann began at 14:00 UTC does not finish: Secret pay-db is missing.',
    findings: [aFinding()],
    pastFindings: [],
    rollouts: [aRollout()],
    changes: [],
    pods: [{ name: 'pay-1', node: 'n1', startedAt: '2026-03-01T14:01:00Z', endedAt: null }],
    drift: [],
    rightsizing: [],
    incidentIds: ['inc-1'],
    missing: [{ part: 'changes', reason: 'the store does not answer' }],
    commit: 'abc',
    contact: '#payers',
    runbookUrl: 'https://wiki.example/pay',
    ...changed,
  };
}
