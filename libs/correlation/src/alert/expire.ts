/** Alerts whose source never says that they are over, and alerts that belong to nothing any more. */
import { memberChanged } from '../incident/member.ts';
import { type Draft, setAlertStatus, sortedValues, touch } from '../state/draft.ts';
import type { AlertState } from '../state/state.ts';

/** How long an end without its firing is remembered: a firing later than this is taken for a new one. */
const orphanMemoryMs = 3_600_000;

/** When the alert has to be looked at next; null when only a record can change it. */
export function alertDueMs(alert: AlertState): number | null {
  if (alert.status === 'firing')
    return alert.expiresAfterMs === null ? null : alert.lastReceivedMs + alert.expiresAfterMs;
  return alert.incidentId === null ? alert.lastReceivedMs + orphanMemoryMs : null;
}

/** Ends or forgets the alerts that are due. */
export function expireAlerts(draft: Draft): void {
  const due = new Map([...draft.state.alerts].filter(([, alert]) => isDue(alert, draft.atMs)));
  for (const alert of sortedValues(due)) {
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
  alert.endsAtMs = draft.atMs;
  setAlertStatus(draft, alert, 'expired');
  memberChanged(draft, alert);
}
