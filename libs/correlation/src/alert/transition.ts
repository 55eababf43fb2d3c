/** What one alert record means for an alert as it is known. Event time decides, never the order of arrival. */
import type { Alert } from '@faultline/model';
import type { AlertState } from '../state/state.ts';

export type Transition =
  /** The first record, firing. */
  | 'open'
  /** Fires again after its end. */
  | 'refire'
  /** Still firing, with another severity or an earlier start. */
  | 'update'
  | 'resolve'
  /** Nothing new. */
  | 'duplicate'
  /** Older than what is known: a firing whose end came first, or an end before the start. */
  | 'stale'
  /** The end of an unknown alert. It is remembered, so that its late firing does not page. */
  | 'orphan';

/** Decides what a record means. */
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

/** When the alert ended by event time, or when the record was received if its source sends no end. */
export function endOf(alert: Alert): number {
  return alert.endsAtMs ?? alert.receivedAtMs;
}
