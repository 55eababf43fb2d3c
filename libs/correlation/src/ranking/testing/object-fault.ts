/** A fault that a cluster reports of `api`, half a minute before the harm, for tests. */
import type { WorkloadFinding } from '@faultline/model';
import { onsetMs } from './fixture.ts';

/** `over` replaces fields. */
export function objectFault(over: Partial<WorkloadFinding> = {}): WorkloadFinding {
  return {
    id: 'f1',
    scope: { tenant: 't', environment: 'e' },
    source: 'kubernetes',
    mechanism: 'secret-key-missing',
    object: { kind: 'Deployment', namespace: 'shop', name: 'api' },
    field: 'spec.template.spec.containers[api].env[DB_URL].valueFrom.secretKeyRef',
    target: { kind: 'Secret', namespace: 'shop', name: 'api-db' },
    targetKey: 'url',
    entities: { service: 'api', workload: 'api', namespace: 'shop', cluster: 'east' },
    reason: 'CreateContainerConfigError',
    message: '',
    sinceMs: onsetMs - 30_000,
    endedAtMs: null,
    observedAtMs: onsetMs,
    affected: 3,
    total: 3,
    measures: {},
    changedBy: null,
    ...over,
  };
}
