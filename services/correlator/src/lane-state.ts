/** What one lane holds in memory: a core state for each scope, and the running totals of its ledger. Comes back from the log. */
import { createState, type ScopeState } from '@faultline/correlation';
import { type LedgerField, type LedgerTotals, ledgerFields, type Scope, type Signal, scopeKey } from '@faultline/model';
import { noTrace, type TraceHeaders } from '@faultline/runtime';
import type { UnreadableRecord } from './sort-out.ts';

/** One scope: its core's state, and what the shell knows of it. */
export interface ScopeShell {
  readonly key: string;
  state: ScopeState;
  /** The last journal entry's number and time. */
  seq: number;
  lastAtMs: number;
  /** When it wants a tick; infinity when it does not. */
  wakeAtMs: number;
  /** The trace of the round that asked for it. */
  wokenBy: TraceHeaders;
  /** Of its saved state, what could not be read. */
  readonly unreadable: readonly UnreadableRecord[];
}

export interface LaneState {
  readonly scopes: Map<string, ScopeShell>;
  readonly totals: Map<string, LedgerTotals>;
}

/** The record of the shell's own numbers within a scope's state. */
export const shellRecordKey = 'shell';

/** Who counts in the ledger: each lane for itself. */
export function writerOf(partition: number): string {
  return `correlator-${partition}`;
}

/** A scope of which nothing is known yet. */
export function createScopeShell(scope: Scope): ScopeShell {
  return {
    key: scopeKey(scope),
    state: createState(scope),
    seq: 0,
    lastAtMs: 0,
    wakeAtMs: Number.POSITIVE_INFINITY,
    wokenBy: noTrace,
    unreadable: [],
  };
}

/** The totals with one count added, and their key on the `ledger` topic. */
export function addCount(
  totals: Map<string, LedgerTotals>,
  added: { writer: string; source: string; signal: Signal; field: LedgerField; by: number },
): string {
  const { writer, source, signal, field, by } = added;
  const key = `${writer}/${source}/${signal}`;
  const zero = Object.fromEntries(ledgerFields.map((name) => [name, 0])) as Record<LedgerField, number>;
  const known = totals.get(key)?.totals ?? zero;
  totals.set(key, { writer, source, signal, totals: { ...known, [field]: known[field] + by } });
  return key;
}
