/**
 * What the machine asks of its host: effects as data. README.md of this package says in which order a host performs them.
 */
import type { AlertKind, EvidenceQuery, Incident, IncidentMember, LedgerField, Signal } from '@faultline/model';
import type { AlertState } from './records.ts';

export type Effect =
  /** Write one record of the state; null removes it. In the same transaction as all other effects but `query` and `timer`. */
  | { readonly kind: 'save'; readonly key: string; readonly value: string | null }
  /** Publish this revision. */
  | { readonly kind: 'publish'; readonly incident: Incident }
  /** Write a tombstone for an incident to its compacted topic: it can no longer be reopened. */
  | { readonly kind: 'tombstone'; readonly incidentId: string }
  /** A member joined, changed or left. */
  | { readonly kind: 'member'; readonly member: IncidentMember }
  /** Count in the loss ledger. */
  | {
      readonly kind: 'count';
      readonly source: string;
      readonly signal: Signal;
      readonly field: LedgerField;
      readonly by: number;
      /** Of an alert: its kind, and the rule that suppressed it. */
      readonly alert?: { readonly kind: AlertKind; readonly suppressedBy: string | null };
    }
  /** Read evidence, after the transaction. A host repeats it after a restart while the query is in the state. */
  | { readonly kind: 'query'; readonly query: EvidenceQuery }
  /** Give a tick at this time at the latest. */
  | { readonly kind: 'timer'; readonly atMs: number };

/** A member's state at this point of the step. It is put into words at the end of the step. */
export interface MemberChange {
  readonly kind: 'member-change';
  readonly incidentId: string;
  readonly revision: number;
  readonly alert: Readonly<AlertState>;
  readonly membership: IncidentMember['membership'];
}

/** An effect of a step that is not finished. */
export type PendingEffect = Exclude<Effect, { kind: 'save' | 'member' }> | MemberChange;
