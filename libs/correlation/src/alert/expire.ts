/** Alerts whose source never says that they are over, and alerts that belong to nothing any more. */
import { memberChanged } from '../incident/member.ts';
import { changeAlert, type Draft, touch } from '../state/draft.ts';
import { alertDueMs } from '../state/due.ts';
import type { AlertState } from '../state/state.ts';

/** Ends or forgets these alerts, where they are due. */
export function expireAlerts(draft: Draft, keys: readonly string[]): void {
  for (const key of keys) {
    const alert = draft.state.alerts.get(key);
    if (alert === undefined || !isDue(alert, draft.atMs)) continue;
    if (alert.status === 'firing') expire(draft, alert);
    else {
      draft.state.alerts.delete(alert.key);
      touch(draft, `alert/${alert.key}`);
    }
  }
}

function isDue(alert: AlertState, atMs: number): boolean {
  const dueMs = alertDueMs(alert);
  return dueMs !== null && dueMs <= atMs;
}

function expire(draft: Draft, alert: AlertState): void {
  changeAlert(draft, alert, { status: 'expired', endsAtMs: draft.atMs });
  memberChanged(draft, alert);
}
