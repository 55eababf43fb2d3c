/** What an alert record does to the state. Pure: it reads, and returns a decision. */
import type { Alert, Severity } from '@faultline/model';
import type { SuppressRule } from '../state/config.ts';
import type { AlertState } from '../state/state.ts';
import { suppressedBy } from './suppress.ts';
import { decideTransition, endOf } from './transition.ts';

export type AlertDecision =
  | { readonly kind: 'ignore'; readonly as: 'duplicate' | 'stale' | 'suppressed' }
  /** Remember the end of an alert that was never seen firing, so that its firing, coming late, does not page. */
  | { readonly kind: 'remember' }
  /** A new alert, or one that fires again outside an open incident: find its incident. */
  | { readonly kind: 'place'; readonly severity: Severity; readonly startsAtMs: number }
  /** Fires again within an open incident: flapping, never another page. */
  | { readonly kind: 'flap'; readonly severity: Severity; readonly startsAtMs: number }
  | { readonly kind: 'update'; readonly severity: Severity; readonly startsAtMs: number }
  | { readonly kind: 'resolve'; readonly endsAtMs: number };

interface AlertCircumstances {
  /** The alert as it is known; undefined when this is its first record. */
  readonly known: AlertState | undefined;
  /** Whether its incident is open. */
  readonly isInOpenIncident: boolean;
  readonly suppress: readonly SuppressRule[];
}

/** Decides by event time, never by the order of arrival. */
export function decideAlert({ known, isInOpenIncident, suppress }: AlertCircumstances, alert: Alert): AlertDecision {
  const { severity, startsAtMs } = alert;
  const earliestMs = Math.min(known?.startsAtMs ?? startsAtMs, startsAtMs);
  const transition = decideTransition(known, alert);
  switch (transition) {
    case 'duplicate':
      return { kind: 'ignore', as: 'duplicate' };
    case 'stale':
      return { kind: 'ignore', as: 'stale' };
    case 'orphan':
      return { kind: 'remember' };
    case 'resolve':
      return { kind: 'resolve', endsAtMs: endOf(alert) };
    case 'update':
      return { kind: 'update', severity, startsAtMs: earliestMs };
    default:
      if (isInOpenIncident) return { kind: 'flap', severity, startsAtMs: earliestMs };
      return suppressedBy(suppress, alert) === null
        ? { kind: 'place', severity, startsAtMs }
        : { kind: 'ignore', as: 'suppressed' };
  }
}
