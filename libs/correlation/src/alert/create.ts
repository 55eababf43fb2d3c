import { type Alert, unnamedEnvironment } from '@faultline/model';
import type { AlertState } from '../state/state.ts';
import { endOf } from './transition.ts';

/** The environment that a record names; empty when it names none. Older releases wrote a default in its place. */
export function namedEnvironment({ scope }: Pick<Alert, 'scope'>): string {
  return scope.environment === unnamedEnvironment ? '' : scope.environment;
}

/** The name is in titles, timelines and reasons. */
const maxNameChars = 1000;
/** A link that is cut leads nowhere. */
const maxUrlChars = 4096;

/** The state of an alert after its first record. It is in no incident yet. */
export function createAlertState(record: Alert, key: string, atMs: number): AlertState {
  return {
    key,
    source: record.source,
    fingerprint: record.fingerprint,
    name: record.name.slice(0, maxNameChars),
    labels: record.labels,
    annotations: record.annotations,
    entities: record.entities,
    environment: namedEnvironment(record),
    url: record.url.length > maxUrlChars ? '' : record.url,
    severity: record.severity,
    status: record.status,
    startsAtMs: record.startsAtMs,
    endsAtMs: record.status === 'resolved' ? endOf(record) : null,
    lastReceivedMs: atMs,
    expiresAfterMs: record.expiresAfterMs,
    incidentId: null,
    reason: null,
    provisional: false,
    flaps: 0,
    repeatsStart: false,
    outlived: 0,
  };
}
