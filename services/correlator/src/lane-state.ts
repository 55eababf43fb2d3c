/** What one lane holds in memory: a core state for each scope, and the running totals of its ledger. Comes back from the log. */
import type { Bus } from '@faultline/bus';
import { createState, loadState, nextWakeMs, type ScopeState } from '@faultline/correlation';
import {
  codecs,
  type LedgerField,
  type LedgerTotals,
  ledgerFields,
  parseScope,
  type Scope,
  type Signal,
  type StateRecord,
  scopeKey,
} from '@faultline/model';
import { parseStateKey } from './state-key.ts';

/** One scope: its core's state, and what the shell knows of it. */
export interface ScopeShell {
  readonly key: string;
  state: ScopeState;
  /** The last journal entry's number and time. */
  seq: number;
  lastAtMs: number;
  /** When it wants a tick; infinity when it does not. */
  wakeAtMs: number;
}

export interface LaneState {
  readonly scopes: Map<string, ScopeShell>;
  readonly totals: Map<string, LedgerTotals>;
}

/** The record of the shell's own numbers within a scope's state. */
export const shellRecordKey = 'shell';

/** Reads the lane's state from the compacted topics. */
export async function restoreLane(bus: Bus, partition: number): Promise<LaneState> {
  return { scopes: await restoreScopes(bus, partition), totals: await restoreTotals(bus, writerOf(partition)) };
}

/** Who counts in the ledger: each lane for itself. */
export function writerOf(partition: number): string {
  return `correlator-${partition}`;
}

/** What is superseded or removed costs no more than reading past it: a log may hold ten times as much of it as of what is open. */
async function restoreScopes(bus: Bus, partition: number): Promise<Map<string, ScopeShell>> {
  const values = new Map<string, Uint8Array>();
  for await (const { key, value } of bus.read({ topic: 'state', partition, from: 0n })) {
    if (value === null) values.delete(key);
    else values.set(key, value);
  }
  const records = new Map<string, Map<string, string>>();
  for (const [key, value] of values) {
    const parsed = parseStateKey(key);
    if (parsed === null) continue;
    const ofScope = records.get(parsed.scopeKey) ?? new Map<string, string>();
    records.set(parsed.scopeKey, ofScope.set(parsed.recordKey, utf8.decode(value)));
  }
  values.clear();
  const scopes = new Map<string, ScopeShell>();
  for (const [key, ofScope] of records) {
    const scope = parseScope(key);
    if (scope !== null) scopes.set(key, restoreScope(scope, ofScope));
  }
  return scopes;
}

const utf8 = new TextDecoder();

function restoreScope(scope: Scope, records: Map<string, string>): ScopeShell {
  const shell = JSON.parse(records.get(shellRecordKey) ?? '{"seq":0,"atMs":0}') as { seq: number; atMs: number };
  records.delete(shellRecordKey);
  const list: StateRecord[] = [...records].map(([key, value]) => ({ key, value }));
  const state = loadState(scope, list);
  const wakeAtMs = nextWakeMs(state) ?? Number.POSITIVE_INFINITY;
  return { key: scopeKey(scope), state, seq: shell.seq, lastAtMs: shell.atMs, wakeAtMs };
}

/** A scope of which nothing is known yet. */
export function createScopeShell(scope: Scope): ScopeShell {
  return { key: scopeKey(scope), state: createState(scope), seq: 0, lastAtMs: 0, wakeAtMs: Number.POSITIVE_INFINITY };
}

async function restoreTotals(bus: Bus, writer: string): Promise<Map<string, LedgerTotals>> {
  const totals = new Map<string, LedgerTotals>();
  for (let partition = 0; partition < bus.partitionCount('ledger'); partition += 1)
    for await (const { key, value } of bus.read({ topic: 'ledger', partition, from: 0n })) {
      const decoded = value === null ? null : codecs.ledgerTotals.decode(value);
      if (decoded?.ok === true && decoded.value.writer === writer) totals.set(key, decoded.value);
    }
  return totals;
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
