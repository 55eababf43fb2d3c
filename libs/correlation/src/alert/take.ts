/** Takes one alert record: every record is counted exactly once, as in an incident, a duplicate or suppressed. */
import type { Alert, LedgerField } from '@faultline/model';
import { placeAlert } from '../grouping/place.ts';
import { isOpen } from '../incident/life.ts';
import { memberChanged } from '../incident/member.ts';
import { changeAlert, count, type Draft, touch, wakeAt } from '../state/draft.ts';
import type { AlertState } from '../state/state.ts';
import { suppressedBy } from './suppress.ts';
import { decideTransition, endOf, type Transition } from './transition.ts';

/** Takes an alert transition. */
export function takeAlert(draft: Draft, alert: Alert): void {
  count(draft, alert.source, 'alerts', applyAlert(draft, alert));
}

function applyAlert(draft: Draft, alert: Alert): LedgerField {
  const key = `${alert.source}/${alert.fingerprint}`;
  const known = draft.state.alerts.get(key);
  const transition = decideTransition(known, alert);
  if (known === undefined) return applyUnknown(draft, alert, key, transition);
  heardOf(draft, known, alert, transition);
  switch (transition) {
    case 'duplicate':
      return 'duplicates';
    case 'resolve':
      return resolveMember(draft, known, alert);
    case 'refire':
      return refire(draft, known, alert);
    case 'update':
      return updateMember(draft, known, alert);
    default:
      return 'suppressed';
  }
}

function applyUnknown(draft: Draft, alert: Alert, key: string, transition: Transition): LedgerField {
  if (transition === 'open' && suppressedBy(draft.config.suppress, alert) !== null) return 'suppressed';
  const state = createAlertState(alert, key, draft.atMs);
  draft.state.alerts.set(key, state);
  touch(draft, `alert/${key}`);
  if (transition !== 'open') return 'suppressed';
  wakeOnExpiry(draft, state);
  placeAlert(draft, state);
  return 'inIncidents';
}

function heardOf(draft: Draft, known: AlertState, alert: Alert, transition: Transition): void {
  if (alert.status !== 'firing' || transition === 'stale') return;
  known.lastReceivedMs = draft.atMs;
  known.expiresAfterMs = alert.expiresAfterMs;
  touch(draft, `alert/${known.key}`);
  wakeOnExpiry(draft, known);
}

function resolveMember(draft: Draft, known: AlertState, alert: Alert): LedgerField {
  changeAlert(draft, known, { status: 'resolved', endsAtMs: endOf(alert) });
  memberChanged(draft, known);
  return known.incidentId === null ? 'suppressed' : 'inIncidents';
}

function updateMember(draft: Draft, known: AlertState, alert: Alert): LedgerField {
  changeAlert(draft, known, {
    severity: alert.severity,
    startsAtMs: Math.min(known.startsAtMs, alert.startsAtMs),
  });
  memberChanged(draft, known);
  return known.incidentId === null ? 'suppressed' : 'inIncidents';
}

/** Within an open incident a refire is flapping: a change of a member, never another page. */
function refire(draft: Draft, known: AlertState, alert: Alert): LedgerField {
  const incident = known.incidentId === null ? undefined : draft.state.incidents.get(known.incidentId);
  const inOpen = incident !== undefined && isOpen(incident);
  if (!inOpen && suppressedBy(draft.config.suppress, alert) !== null) return 'suppressed';
  changeAlert(draft, known, {
    status: 'firing',
    severity: alert.severity,
    startsAtMs: inOpen ? Math.min(known.startsAtMs, alert.startsAtMs) : alert.startsAtMs,
    endsAtMs: null,
  });
  if (inOpen) {
    known.flaps += 1;
    memberChanged(draft, known);
  } else placeAlert(draft, known);
  return 'inIncidents';
}

function wakeOnExpiry(draft: Draft, alert: AlertState): void {
  if (alert.expiresAfterMs !== null) wakeAt(draft, alert.lastReceivedMs + alert.expiresAfterMs);
}

function createAlertState(alert: Alert, key: string, atMs: number): AlertState {
  return {
    key,
    source: alert.source,
    fingerprint: alert.fingerprint,
    name: alert.name,
    labels: alert.labels,
    annotations: alert.annotations,
    entities: alert.entities,
    url: alert.url,
    severity: alert.severity,
    status: alert.status,
    startsAtMs: alert.startsAtMs,
    endsAtMs: alert.status === 'resolved' ? endOf(alert) : null,
    lastReceivedMs: atMs,
    expiresAfterMs: alert.expiresAfterMs,
    incidentId: null,
    reason: '',
    provisional: false,
    flaps: 0,
  };
}
