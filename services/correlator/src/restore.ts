/** Reads a partition's state back from the log's compacted topics. */
import type { Bus } from '@faultline/bus';
import { loadState, nextDeadlineMs } from '@faultline/correlation';
import { codecs, type LedgerTotals, parseScope, type Scope, type StateRecord, scopeKey } from '@faultline/model';
import { AppError, noTrace } from '@faultline/runtime';
import { correlatorErrors } from './errors.ts';
import { readOldScopes, takenOverKey } from './old-scopes.ts';
import { homesRecordKey, hostRecordKey, type PartitionState, type ScopeHost, writerOf } from './partition-state.ts';
import { type SeparatedRecords, separateReadable } from './readable-records.ts';
import { joinChunks, partsOf } from './state-chunks.ts';
import { parseStateKey } from './state-key.ts';

/** The state as of the last commit. After an older release: with what that left under the keys of environments. */
export async function restorePartition(bus: Bus, partition: number): Promise<PartitionState> {
  const { records, chunks, isTakenOver } = await readRecords(bus, partition);
  const takenOver = isTakenOver ? null : await readOldScopes(bus, partition, stateRecordsOf(records));
  for (const [key, tenant] of takenOver?.tenants ?? []) records.set(key, recordsOfTenant(records.get(key), tenant));
  const scopes = new Map<string, ScopeHost>();
  for (const [key, ofScope] of records) {
    const scope = parseScope(key);
    if (scope !== null && scope.environment === '') scopes.set(key, restoreScope(scope, ofScope));
  }
  return { scopes, totals: await restoreTotals(bus, writerOf(partition)), chunks, takenOver };
}

type ScopeRecords = Map<string, string>;

interface SavedRecords {
  /** By the key of their scope. */
  readonly records: Map<string, ScopeRecords>;
  readonly chunks: Map<string, number>;
  readonly isTakenOver: boolean;
}

/** Keeps only the last value of each key in memory: a log may hold ten times as much that is superseded or removed. */
async function readRecords(bus: Bus, partition: number): Promise<SavedRecords> {
  const values = new Map<string, Uint8Array>();
  const chunks = new Map<string, number>();
  for await (const record of bus.read({ topic: 'state', partition, from: 0n })) {
    const { key, value } = record;
    const parts = partsOf(record);
    if (value === null) values.delete(key);
    else values.set(key, value);
    if (value === null || parts === 1) chunks.delete(key);
    else chunks.set(key, parts);
  }
  const records = new Map<string, ScopeRecords>();
  for (const [key, value] of values) {
    const parsed = parseStateKey(key);
    if (parsed === null) continue;
    const ofScope = records.get(parsed.scopeKey) ?? new Map<string, string>();
    const whole = joinChunks(key, value, chunks.get(key) ?? 1, (chunk) => values.get(chunk));
    records.set(parsed.scopeKey, ofScope.set(parsed.recordKey, utf8.decode(whole)));
  }
  return { records, chunks, isTakenOver: values.has(takenOverKey) };
}

const utf8 = new TextDecoder();

function stateRecordsOf(records: ReadonlyMap<string, ScopeRecords>): ReadonlyMap<string, readonly StateRecord[]> {
  return new Map(
    [...records].map(([key, ofScope]) => [key, [...ofScope].map(([name, value]) => ({ key: name, value }))]),
  );
}

function recordsOfTenant(
  own: ScopeRecords | undefined,
  { records, homes }: { readonly records: readonly StateRecord[]; readonly homes: Readonly<Record<string, number>> },
): ScopeRecords {
  const merged = new Map([...(own ?? []), ...records.map(({ key, value }) => [key, value] as const)]);
  return merged.set(homesRecordKey, JSON.stringify(homes));
}

/** Throws CORRELATOR_STATE_UNREADABLE when a record is readable by itself, and yet no state can be made of it. */
function restoreScope(scope: Scope, records: ReadonlyMap<string, string>): ScopeHost {
  const all: StateRecord[] = [...records].map(([key, value]) => ({ key, value }));
  try {
    return hostOf(scope, { readable: all, unreadable: [] });
  } catch {
    return hostOfReadable(scope, all);
  }
}

function hostOfReadable(scope: Scope, all: readonly StateRecord[]): ScopeHost {
  try {
    return hostOf(scope, separateReadable(all));
  } catch (error) {
    throw new AppError(
      'CORRELATOR_STATE_UNREADABLE',
      `${scopeKey(scope)}: ${String(error)}. ${correlatorErrors.CORRELATOR_STATE_UNREADABLE}`,
      { kind: 'permanent', cause: error },
    );
  }
}

function hostOf(scope: Scope, { readable, unreadable }: SeparatedRecords): ScopeHost {
  const own = readable.find(({ key }) => key === hostRecordKey);
  // Entry 1 is the first of its scope. When only the number is lost, the next entry must not look like the first.
  const { seq, atMs } = own === undefined ? { seq: unreadable.length === 0 ? 0 : 1, atMs: 0 } : parseHost(own.value);
  const homes = readable.find(({ key }) => key === homesRecordKey);
  const state = loadState(
    scope,
    readable.filter((record) => record !== own && record !== homes),
  );
  const nextTickMs = nextDeadlineMs(state) ?? Number.POSITIVE_INFINITY;
  return {
    key: scopeKey(scope),
    state,
    seq,
    lastAtMs: atMs,
    nextTickMs,
    timerSetBy: noTrace,
    homes: new Map(Object.entries(homes === undefined ? {} : parseHomes(homes.value))),
    unreadable,
  };
}

function parseHost(value: string): { readonly seq: number; readonly atMs: number } {
  return JSON.parse(value) as { seq: number; atMs: number };
}

function parseHomes(value: string): Readonly<Record<string, number>> {
  return JSON.parse(value) as Record<string, number>;
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
