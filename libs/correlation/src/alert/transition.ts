/** What one alert record means, given what is known of that alert. Event time decides, never the order of arrival. */
import type { Alert } from '@faultline/model';
import type { AlertState } from '../state/state.ts';

export type Transition =
  /** First heard of, firing. */
  | 'open'
  /** Fires again after it was over. */
  | 'refire'
  /** Still firing, but more severe, less severe or since earlier. */
  | 'update'
  | 'resolve'
  /** Says nothing new. */
  | 'duplicate'
  /** Overtaken by what is known: a firing whose end came first, an end older than the start. */
  | 'stale'
  /** The end of an alert never heard of. Remembered, so that its firing, coming late, does not page. */
  | 'orphan';

/** Decides what a record does to its alert. */
export function decideTransition(known: AlertState | undefined, alert: Alert): Transition {
  if (alert.status === 'resolved') return decideResolved(known, alert);
  if (known === undefined) return 'open';
  if (known.status === 'expired') return 'refire';
  if (known.status === 'resolved') return alert.startsAtMs < (known.endsAtMs ?? 0) ? 'stale' : 'refire';
  return alert.severity !== known.severity || alert.startsAtMs < known.startsAtMs ? 'update' : 'duplicate';
}

function decideResolved(known: AlertState | undefined, alert: Alert): Transition {
  if (known === undefined) return 'orphan';
  if (known.status === 'resolved') return 'duplicate';
  return endOf(alert) < known.startsAtMs ? 'stale' : 'resolve';
}

/** When the alert ended, by event time; when it was received if its source does not say. */
export function endOf(alert: Alert): number {
  return alert.endsAtMs ?? alert.receivedAtMs;
}
