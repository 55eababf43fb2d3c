/** What is known of one alert. */
import type { DeadLetter, Delivery, Incident } from '@faultline/model';
import type { AlertMatch, AlertMembership, AlertTransition } from '@faultline/store';

/** A body that was refused and that holds the fingerprint as one of its texts. */
export type Refusal = Pick<DeadLetter, 'id' | 'source' | 'code' | 'reason' | 'receivedAtMs'>;

export interface AlertFacts {
  /** Last received first. */
  readonly transitions: readonly AlertTransition[];
  /** Latest start first, those that ended too. */
  readonly memberships: readonly AlertMembership[];
  /** Incidents of `memberships` that are known, in their latest revision. */
  readonly incidents: ReadonlyMap<string, Incident>;
  /** Deliveries of these incidents. They are forgotten with an incident, hours after it was resolved. */
  readonly deliveries: readonly Delivery[];
  /** The rule that keeps the alert from paging. Null: none. */
  readonly suppression: Suppression | null;
  /** Newest first. */
  readonly refusals: readonly Refusal[];
  /** Alerts with a similar fingerprint, name or label. They are read only when nothing else is known. */
  readonly nearMatches: readonly AlertMatch[];
}

export interface Suppression {
  readonly rule: string;
  /** The alert fires for ever by design. */
  readonly isHeartbeat: boolean;
}

/** Whether the channel has a message of it. One that arrived once is there, whatever became of its later edits. */
export function wasDelivered({ state, messageId }: Delivery): boolean {
  return state === 'sent' || messageId !== '';
}
