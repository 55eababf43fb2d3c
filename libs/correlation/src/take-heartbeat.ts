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
import { heartbeatDeadlineMs, heartbeatEndMs } from './state/deadlines.ts';
import { isOpen } from './state/incident.ts';
import type { HeartbeatState, ScopeState } from './state/state.ts';

/** Whether the record is a heartbeat whose absence matters. One that the settings suppress is not watched. */
export function isWatchedHeartbeat({ config }: Pick<ScopeState, 'config'>, record: Alert): boolean {
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
  if (known === undefined && !makeRoom(step)) return;
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
  step.setTimer(heartbeatDeadlineMs(step.state, heartbeat) ?? heartbeatEndMs(heartbeat));
  closeAbsence(step, key);
}

/** Most heartbeats that are watched for a tenant. A system has one for each sender. */
const maxHeartbeats = 1000;

/** Whether one more can be watched. Of too many, one that never came a second time goes. */
function makeRoom(step: StepContext): boolean {
  const { heartbeats } = step.state;
  if (heartbeats.size < maxHeartbeats) return true;
  const once = [...heartbeats.values()].filter(({ longestGapMs, isAbsent }) => longestGapMs === 0 && !isAbsent);
  const [oldest] = once.sort((a, b) => a.lastReceivedMs - b.lastReceivedMs || (a.key < b.key ? -1 : 1));
  if (oldest !== undefined) forget(step, oldest.key);
  return oldest !== undefined;
}

function forget(step: StepContext, key: string): void {
  step.state.heartbeats.delete(key);
  step.touch(`heartbeat/${key}`);
}

/** Opens an incident when a heartbeat is overdue, and forgets one that has been gone for days. */
export function tickHeartbeat(step: StepContext, key: string): void {
  const heartbeat = step.state.heartbeats.get(key);
  if (heartbeat === undefined) return;
  if (heartbeatEndMs(heartbeat) <= step.atMs) forget(step, key);
  else if (isOverdue(step.state, heartbeat, step.atMs)) openAbsence(step, heartbeat);
}

/** Whether an absence is due. */
export function isOverdue(state: Pick<ScopeState, 'config'>, heartbeat: HeartbeatState, atMs: number): boolean {
  const deadlineMs = heartbeatDeadlineMs(state, heartbeat);
  return deadlineMs !== null && deadlineMs <= atMs;
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
