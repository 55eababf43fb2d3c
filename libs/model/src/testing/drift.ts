import type { Drift } from '../drift.ts';

/** A drift of the replicas of `pay`, for tests. `over` replaces fields. */
export function newDrift(over: Partial<Drift> = {}): Drift {
  return {
    id: 'd1',
    scope: { tenant: 't', environment: '' },
    cluster: 'b',
    object: { kind: 'Deployment', namespace: 'shop', name: 'pay' },
    entities: { service: 'payments', workload: 'pay', namespace: 'shop', cluster: 'b' },
    against: 'cluster',
    reference: 'a, c',
    path: 'spec.replicas',
    value: '5',
    expected: '3',
    isExpectedKnown: true,
    area: 'replicas',
    risk: 'medium',
    sinceMs: 1_789_913_600_000,
    endedAtMs: null,
    observedAtMs: 1_790_000_000_000,
    actor: 'kubectl-edit',
    changeId: '',
    team: 'shop',
    contact: '#shop',
    patch: '',
    command: '',
    valuesId: 'v1',
    ...over,
  };
}
