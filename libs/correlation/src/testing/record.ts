import type { Alert, Change, WorkloadFinding } from '@faultline/model';
import { originMs, scope } from './player.ts';

/** An alert record as it comes from its topic. */
export function newRecord(over: Partial<Alert> = {}): Alert {
  return {
    id: 'record',
    scope,
    source: 'am',
    fingerprint: 'Slow/db',
    name: 'Slow',
    status: 'firing',
    severity: 'error',
    summary: '',
    labels: {},
    annotations: {},
    entities: { service: 'db' },
    startsAtMs: originMs,
    endsAtMs: null,
    receivedAtMs: originMs,
    expiresAfterMs: null,
    url: '',
    raw: '',
    ...over,
  };
}

/** A deployment of the service `db`. */
export function newChange(over: Partial<Change> = {}): Change {
  return {
    id: 'change',
    scope,
    source: 'ci',
    kind: 'deploy',
    entities: { service: 'db' },
    summary: 'deploy db v1',
    actor: 'ci',
    startedAtMs: originMs,
    endedAtMs: null,
    version: 'v1',
    previousVersion: '',
    url: '',
    receivedAtMs: originMs,
    raw: 'raw',
    ...over,
  };
}

/** A Secret that the Deployment `db` refers to, and that is missing. */
export function newFinding(over: Partial<WorkloadFinding> = {}): WorkloadFinding {
  return {
    id: 'finding',
    scope,
    source: 'kubernetes',
    mechanism: 'secret-missing',
    object: { kind: 'Deployment', namespace: 'shop', name: 'db' },
    field: 'spec.template.spec.containers[db].env[PASSWORD].valueFrom.secretKeyRef',
    target: { kind: 'Secret', namespace: 'shop', name: 'db' },
    targetKey: 'password',
    entities: { service: 'db', workload: 'db', namespace: 'shop', cluster: 'east' },
    reason: 'CreateContainerConfigError',
    message: 'secret "db" not found',
    sinceMs: originMs,
    endedAtMs: null,
    observedAtMs: originMs,
    affected: 1,
    total: 3,
    measures: {},
    changedBy: null,
    ...over,
  };
}
