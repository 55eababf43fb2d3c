/** Records by which Faultline keeps account of itself. */

/** Where a count in the loss ledger belongs. */
export const ledgerFields = [
  'accepted',
  'inIncidents',
  'recorded',
  'duplicates',
  'suppressed',
  'deadLettered',
] as const;
export type LedgerField = (typeof ledgerFields)[number];
export const signals = ['alerts', 'changes', 'spans', 'logs', 'metrics'] as const;
export type Signal = (typeof signals)[number];

/** Running totals of one writer (an ingest process, a recorder or correlator partition) for one source and signal. */
export interface LedgerTotals {
  readonly writer: string;
  readonly source: string;
  readonly signal: Signal;
  readonly totals: Readonly<Record<LedgerField, number>>;
  /** Alerts only: how many were of each kind. Left out: none were counted. */
  readonly alertKinds?: Readonly<Record<string, number>>;
  /** Alerts only: how many each rule suppressed, by the name of the rule. */
  readonly suppressedBy?: Readonly<Record<string, number>>;
}

/** Bytes that were refused: kept to be read, mended and replayed. */
export interface DeadLetter {
  readonly id: string;
  readonly source: string;
  readonly signal: Signal | '';
  /** How many items the bytes hold, as far as known; at least 1. */
  readonly items: number;
  readonly code: string;
  readonly reason: string;
  readonly receivedAtMs: number;
  readonly contentType: string;
  readonly payload: Uint8Array;
}

/** What was sent where, so that a restart edits a message instead of sending it again. */
export interface Delivery {
  readonly incidentId: string;
  /** Channel name and target, `slack-ops#C123`. */
  readonly target: string;
  readonly state: 'intended' | 'sent' | 'failed';
  readonly revision: number;
  /** The channel's own ids of the message and its thread; empty until sent. */
  readonly messageId: string;
  readonly threadId: string;
  /** Hash of what was sent, so that an equal page is not sent again. */
  readonly contentHash: string;
  readonly attempts: number;
  readonly atMs: number;
  readonly error: string;
}
