/** A lane's state from the log's compacted topics. */
import type { Bus } from '@faultline/bus';
import { loadState, nextDeadlineMs } from '@faultline/correlation';
import { codecs, type LedgerTotals, parseScope, type Scope, type StateRecord, scopeKey } from '@faultline/model';
import { AppError, noTrace } from '@faultline/runtime';
import { correlatorErrors } from './errors.ts';
import { type LaneState, type ScopeShell, shellRecordKey, writerOf } from './lane-state.ts';
import { type SortedOut, sortOut } from './sort-out.ts';
import { parseStateKey } from './state-key.ts';

/** All that the lane knew when it last committed. */
export async function restoreLane(bus: Bus, partition: number): Promise<LaneState> {
  return { scopes: await restoreScopes(bus, partition), totals: await restoreTotals(bus, writerOf(partition)) };
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

/** Throws CORRELATOR_STATE_UNREADABLE when a record is sound by itself, and yet no state can be made of it. */
function restoreScope(scope: Scope, records: ReadonlyMap<string, string>): ScopeShell {
  const all: StateRecord[] = [...records].map(([key, value]) => ({ key, value }));
  try {
    return shellOf(scope, { sound: all, unreadable: [] });
  } catch {
    return shellOfWhatIsSound(scope, all);
  }
}

function shellOfWhatIsSound(scope: Scope, all: readonly StateRecord[]): ScopeShell {
  try {
    return shellOf(scope, sortOut(all));
  } catch (error) {
    throw new AppError(
      'CORRELATOR_STATE_UNREADABLE',
      `${scopeKey(scope)}: ${String(error)}. ${correlatorErrors.CORRELATOR_STATE_UNREADABLE}`,
      { kind: 'permanent', cause: error },
    );
  }
}

function shellOf(scope: Scope, { sound, unreadable }: SortedOut): ScopeShell {
  const own = sound.find(({ key }) => key === shellRecordKey);
  // An entry with number 1 is the first of its scope: where only the number is lost, this is not that.
  const { seq, atMs } = own === undefined ? { seq: unreadable.length === 0 ? 0 : 1, atMs: 0 } : parseShell(own.value);
  const state = loadState(
    scope,
    sound.filter((record) => record !== own),
  );
  const wakeAtMs = nextDeadlineMs(state) ?? Number.POSITIVE_INFINITY;
  return { key: scopeKey(scope), state, seq, lastAtMs: atMs, wakeAtMs, wokenBy: noTrace, unreadable };
}

function parseShell(value: string): { readonly seq: number; readonly atMs: number } {
  return JSON.parse(value) as { seq: number; atMs: number };
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
