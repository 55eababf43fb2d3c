import type { Alert, Change } from '@faultline/model';
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
