/** What the host of one partition holds in memory: a core state for each scope, and its ledger totals. Read back from the log. */
import { createState, type Effect, type ScopeState } from '@faultline/correlation';
import { type LedgerField, type LedgerTotals, ledgerFields, type Scope, scopeKey } from '@faultline/model';
import { noTrace, type TraceHeaders } from '@faultline/runtime';
import type { TakenOver } from './old-scopes.ts';
import type { UnreadableRecord } from './readable-records.ts';

/** One scope: its core state, and what the host keeps beside it. */
export interface ScopeHost {
  readonly key: string;
  state: ScopeState;
  /** The last journal entry's number and time. */
  seq: number;
  lastAtMs: number;
  /** When it needs a tick; infinity when it needs none. */
  nextTickMs: number;
  /** The trace of the round that set this timer. */
  timerSetBy: TraceHeaders;
  /** Incidents that an older release published in another partition. A revision goes where the one before it is. */
  readonly homes: ReadonlyMap<string, number>;
  /** Records of its saved state that cannot be read. */
  readonly unreadable: readonly UnreadableRecord[];
}

export interface PartitionState {
  readonly scopes: Map<string, ScopeHost>;
  readonly totals: Map<string, LedgerTotals>;
  /** Into how many chunks a record of the state is written, by its topic key. Left out: one. */
  readonly chunks: Map<string, number>;
  /** What this release takes over from older ones; null when that is committed. */
  takenOver: TakenOver | null;
}

/** The record of the host's own numbers within a scope's state. Its name is persisted. */
export const hostRecordKey = 'shell';
/** The record of the incidents that are published in another partition. */
export const homesRecordKey = 'homes';

/** The writer's name in the ledger: each partition counts for itself. */
export function writerOf(partition: number): string {
  return `correlator-${partition}`;
}

/** A scope of which nothing is known yet. */
export function createScopeHost(scope: Scope): ScopeHost {
  return {
    key: scopeKey(scope),
    state: createState(scope),
    seq: 0,
    lastAtMs: 0,
    nextTickMs: Number.POSITIVE_INFINITY,
    timerSetBy: noTrace,
    homes: new Map(),
    unreadable: [],
  };
}

type Counted = Omit<Extract<Effect, { kind: 'count' }>, 'kind'>;

/** Adds one count to the totals. Returns their key on the `ledger` topic. */
export function addCount(totals: Map<string, LedgerTotals>, writer: string, counted: Counted): string {
  const { source, signal, field, by, alert } = counted;
  const key = `${writer}/${source}/${signal}`;
  const zero = Object.fromEntries(ledgerFields.map((name) => [name, 0])) as Record<LedgerField, number>;
  const known = totals.get(key) ?? { writer, source, signal, totals: zero };
  const fields = { ...known.totals, [field]: known.totals[field] + by };
  totals.set(key, { ...known, totals: fields, ...(alert !== undefined && addAlert(known, alert, by)) });
  return key;
}

function addAlert(
  { alertKinds = {}, suppressedBy = {} }: Pick<LedgerTotals, 'alertKinds' | 'suppressedBy'>,
  { kind, suppressedBy: rule }: NonNullable<Counted['alert']>,
  by: number,
): Pick<LedgerTotals, 'alertKinds' | 'suppressedBy'> {
  return {
    alertKinds: { ...alertKinds, [kind]: (alertKinds[kind] ?? 0) + by },
    suppressedBy: rule === null ? suppressedBy : { ...suppressedBy, [rule]: (suppressedBy[rule] ?? 0) + by },
  };
}
