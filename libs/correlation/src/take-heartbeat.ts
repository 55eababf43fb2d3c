/**
 * Heartbeats: alerts that fire for ever by design, such as Watchdog. They never page. One that stops means that a sender no longer evaluates
 * its rules or no longer delivers them, so nothing else would tell of a fault. That is an incident of its own.
 */
import { type Alert, alertKindRuleOf } from '@faultline/model';
import { createAlertState } from './alert/create.ts';
import { isSuppressed } from './alert/suppress.ts';
import { decidePlacement } from './grouping/place.ts';
import { applyPlacement } from './incident/apply/placement.ts';
import { memberChanged } from './incident/members.ts';
import type { StepContext } from './state/context.ts';
import { heartbeatDeadlineMs } from './state/deadlines.ts';
import { isOpen } from './state/incident.ts';
import type { HeartbeatState } from './state/state.ts';

/** Whether the record is a heartbeat whose absence matters. One that the settings suppress is not watched. */
export function isWatchedHeartbeat({ config }: Pick<StepContext, 'config'>, record: Alert): boolean {
  return (
    config.heartbeatFactor > 0 && alertKindRuleOf(record)?.isExpected === true && !isSuppressed(config.suppress, record)
  );
}

/** A beat, or the sender's word that it has stopped. */
export function takeHeartbeat(step: StepContext, key: string, record: Alert): void {
  const known = step.state.heartbeats.get(key);
  if (record.status === 'resolved') {
    if (known !== undefined && !known.isAbsent) openAbsence(step, known);
    return;
  }
  const gapMs = known === undefined || known.isAbsent ? 0 : step.atMs - known.lastReceivedMs;
  const heartbeat: HeartbeatState = {
    key,
    alert: { ...record, raw: '' },
    lastReceivedMs: step.atMs,
    longestGapMs: Math.max(known?.longestGapMs ?? 0, gapMs),
    isAbsent: false,
  };
  step.state.heartbeats.set(key, heartbeat);
  step.touch(`heartbeat/${key}`);
  const deadlineMs = heartbeatDeadlineMs(step.state, heartbeat);
  if (deadlineMs !== null) step.setTimer(deadlineMs);
  if (known?.isAbsent === true) closeAbsence(step, key);
}

/** Opens an incident when a heartbeat is overdue. */
export function tickHeartbeat(step: StepContext, key: string): void {
  const heartbeat = step.state.heartbeats.get(key);
  const deadlineMs = heartbeat === undefined ? null : heartbeatDeadlineMs(step.state, heartbeat);
  if (heartbeat !== undefined && deadlineMs !== null && deadlineMs <= step.atMs) openAbsence(step, heartbeat);
}

/** The absence is an alert under the key of the heartbeat, so the next beat ends it. */
function openAbsence(step: StepContext, heartbeat: HeartbeatState): void {
  const { state, atMs } = step;
  const { key, alert: record } = heartbeat;
  state.heartbeats.set(key, { ...heartbeat, isAbsent: true });
  step.touch(`heartbeat/${key}`);
  const known = state.alerts.get(key);
  const firing = { status: 'firing', severity: 'critical', startsAtMs: atMs, endsAtMs: null } as const;
  // The label keeps the name of the heartbeat, by which its kind is known.
  const labels = { alertname: record.name, ...record.labels };
  const absence = { ...record, ...firing, labels, name: `${record.name} absent`, expiresAfterMs: null };
  const alert = known ?? createAlertState(absence, key, atMs);
  state.alerts.set(key, alert);
  step.changeAlert(alert, firing);
  const incident = alert.incidentId === null ? undefined : state.incidents.get(alert.incidentId);
  if (incident !== undefined && isOpen(incident)) memberChanged(step, alert);
  else applyPlacement(step, alert, decidePlacement(state, alert, atMs));
}

function closeAbsence(step: StepContext, key: string): void {
  const alert = step.state.alerts.get(key);
  if (alert?.status !== 'firing') return;
  step.changeAlert(alert, { status: 'resolved', endsAtMs: step.atMs });
  memberChanged(step, alert);
}
