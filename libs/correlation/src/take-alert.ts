/** Takes one alert record. Every record is counted exactly once: as in an incident, as a duplicate or as suppressed. */
import { type Alert, alertKindOf, type LedgerField } from '@faultline/model';
import { createAlertState, namedEnvironment } from './alert/create.ts';
import { decideAlert } from './alert/decide.ts';
import { groupKeysOf } from './alert/group-keys.ts';
import { suppressedBy } from './alert/suppress.ts';
import { decidePlacement } from './grouping/place.ts';
import { applyPlacement } from './incident/apply/placement.ts';
import { memberChanged } from './incident/members.ts';
import type { StepContext } from './state/context.ts';
import { isOpen } from './state/incident.ts';
import type { AlertState, ScopeState } from './state/state.ts';
import { isWatchedHeartbeat, takeHeartbeat } from './take-heartbeat.ts';

export function takeAlert(step: StepContext, record: Alert): void {
  const field = applyRecord(step, record);
  const rule = field === 'suppressed' ? suppressedBy(step.config.suppress, record) : null;
  step.count(record.source, 'alerts', field, { kind: alertKindOf(record), suppressedBy: rule?.name ?? null });
}

function applyRecord(step: StepContext, record: Alert): LedgerField {
  const { state, atMs } = step;
  const key = alertKeyOf(state, record);
  if (isWatchedHeartbeat(step, record)) {
    takeHeartbeat(step, key, record);
    return 'suppressed';
  }
  const known = state.alerts.get(key);
  const incident = known?.incidentId == null ? undefined : state.incidents.get(known.incidentId);
  const isInOpenIncident = incident !== undefined && isOpen(incident);
  const decision = decideAlert({ known, isInOpenIncident, suppress: step.config.suppress }, record);
  const isIgnored = decision.kind === 'ignore';
  if (known !== undefined && record.status === 'firing' && !(isIgnored && decision.as === 'stale'))
    updateLastReceived(step, known, record);
  if (isIgnored) return decision.as === 'duplicate' ? 'duplicates' : 'suppressed';

  if (known?.environment === '' && namedEnvironment(record) !== '')
    step.changeAlert(known, { environment: namedEnvironment(record) });
  const alert = known ?? addAlert(step, createAlertState(record, key, atMs));
  switch (decision.kind) {
    case 'remember':
      return 'suppressed';
    case 'place':
      step.changeAlert(alert, {
        ...firing,
        severity: decision.severity,
        startsAtMs: decision.startsAtMs,
        ...groupKeysFor(step, alert),
      });
      applyPlacement(step, alert, decidePlacement(state, alert, atMs));
      return 'inIncidents';
    case 'flap':
      step.changeAlert(alert, { ...firing, severity: decision.severity, startsAtMs: decision.startsAtMs });
      alert.flaps += 1;
      break;
    case 'update':
      step.changeAlert(alert, { severity: decision.severity, startsAtMs: decision.startsAtMs });
      break;
    case 'resolve':
      step.changeAlert(alert, { status: 'resolved', endsAtMs: decision.endsAtMs });
      break;
  }
  memberChanged(step, alert);
  return alert.incidentId === null ? 'suppressed' : 'inIncidents';
}

/**
 * The key of the alert that a record is about. One key of a sender in two environments is two alerts; the second one's key carries its
 * environment. A record that names no environment is about the first.
 */
export function alertKeyOf({ alerts }: Pick<ScopeState, 'alerts'>, record: Alert): string {
  const key = `${record.source}/${record.fingerprint}`;
  const own = namedEnvironment(record);
  const known = alerts.get(key)?.environment ?? '';
  return own === '' || known === '' || own === known ? key : `${key}@${own}`;
}

/** Empty where no rule speaks of the alert and none did before, so that its record stays as it was. */
function groupKeysFor({ config, atMs }: StepContext, alert: AlertState): Partial<Pick<AlertState, 'groupKeys'>> {
  const groupKeys = groupKeysOf(config.groups, alert, atMs);
  return groupKeys.length > 0 || alert.groupKeys !== undefined ? { groupKeys } : {};
}

const firing = { status: 'firing', endsAtMs: null } as const;

function addAlert(step: StepContext, alert: AlertState): AlertState {
  step.state.alerts.set(alert.key, alert);
  step.touch(`alert/${alert.key}`);
  if (alert.status === 'firing') setExpiryTimer(step, alert);
  return alert;
}

/** It still fires: expiry counts from here. */
function updateLastReceived(step: StepContext, known: AlertState, record: Alert): void {
  known.lastReceivedMs = step.atMs;
  if (record.startsAtMs === known.startsAtMs) known.repeatsStart = true;
  known.expiresAfterMs = record.expiresAfterMs;
  step.touch(`alert/${known.key}`);
  setExpiryTimer(step, known);
}

function setExpiryTimer(step: StepContext, { lastReceivedMs, expiresAfterMs }: AlertState): void {
  if (expiresAfterMs !== null) step.setTimer(lastReceivedMs + expiresAfterMs);
}
