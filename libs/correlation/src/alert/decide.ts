/** What an alert record does to the state. Pure: it reads, and returns a decision. */
import { type Alert, type Severity, severities } from '@faultline/model';
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
    case 'stale':
      return { kind: 'ignore', as: 'stale' };
    case 'orphan':
      return { kind: 'remember' };
    case 'resolve':
      return { kind: 'resolve', endsAtMs: endOf(alert) };
    case 'duplicate':
    case 'update':
      if (isInOpenIncident || known === undefined)
        return transition === 'update'
          ? { kind: 'update', severity, startsAtMs: earliestMs }
          : { kind: 'ignore', as: 'duplicate' };
      if (!isNews(known, alert)) return { kind: 'ignore', as: 'duplicate' };
      break;
    default:
      if (isInOpenIncident) return { kind: 'flap', severity, startsAtMs: earliestMs };
  }
  return suppressedBy(suppress, alert) === null
    ? { kind: 'place', severity, startsAtMs }
    : { kind: 'ignore', as: 'suppressed' };
}

/**
 * Whether an alert that fires since before somebody resolved its incident says something new. Repeating it is no news, however long it goes
 * on. A worse severity is, and so is a later start from a source that otherwise repeats the start.
 */
export function isNews({ severity, startsAtMs, repeatsStart }: AlertState, alert: Alert): boolean {
  const isWorse = severities.indexOf(alert.severity) < severities.indexOf(severity);
  return isWorse || (repeatsStart && alert.startsAtMs > startsAtMs);
}
