/** What the core asks of its shell: effects as data. The shell saves, publishes and counts in one bus transaction, then asks and wakes. */
import type { EvidenceQuery, Incident, IncidentMember, LedgerField, Signal } from '@faultline/model';

export type Effect =
  /** Put one record of the state into the changelog; null removes it. Saved in the same transaction as everything else. */
  | { readonly kind: 'save'; readonly key: string; readonly value: string | null }
  /** Publish this revision. */
  | { readonly kind: 'publish'; readonly incident: Incident }
  /** Remove an incident from the compacted topic: its reopen window is over. */
  | { readonly kind: 'retire'; readonly incidentId: string }
  /** A member joined, changed or left. */
  | { readonly kind: 'member'; readonly member: IncidentMember }
  /** Count in the loss ledger. */
  | {
      readonly kind: 'count';
      readonly source: string;
      readonly signal: Signal;
      readonly field: LedgerField;
      readonly by: number;
    }
  /** Ask the windows, after the transaction. Asked again after a restart while the question is open in the state. */
  | { readonly kind: 'ask'; readonly question: EvidenceQuery }
  /** Give a tick at this time at the latest. */
  | { readonly kind: 'wake'; readonly atMs: number };
