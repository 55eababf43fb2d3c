/**
 * State of older releases, which kept each environment of a tenant apart, in whichever partition its key was. The owner of the tenant's
 * partition takes it over once, and a marker says that it did.
 */
import type { Bus } from '@faultline/bus';
import { mergeStates } from '@faultline/correlation';
import { correlationKey, parseScope, type StateRecord } from '@faultline/model';
import { hostRecordKey } from './partition-state.ts';
import { parseStateKey, stateKey } from './state-key.ts';

/** The key of the marker. It belongs to no scope, so that nobody reads it as a record of one. */
export const takenOverKey = stateKey('', 'taken-over');

/** What is taken over into one partition. */
export interface TakenOver {
  /** By tenant key: the merged records, and the partition of each incident that was published elsewhere. */
  readonly tenants: ReadonlyMap<
    string,
    { readonly records: readonly StateRecord[]; readonly homes: Readonly<Record<string, number>> }
  >;
  /** The old records, to be removed. */
  readonly old: readonly { readonly partition: number; readonly key: string }[];
}

interface OldScope {
  readonly key: string;
  readonly partition: number;
  readonly records: StateRecord[];
}

/** Reads every partition of the state. `own`: the records of the tenants in this partition, by tenant key. */
export async function readOldScopes(
  bus: Bus,
  partition: number,
  own: ReadonlyMap<string, readonly StateRecord[]>,
): Promise<TakenOver> {
  const found: OldScope[] = [];
  for (let other = 0; other < bus.partitionCount('state'); other += 1)
    found.push(...(await oldScopesIn(bus, other, (key) => bus.partitionOf('state', key) === partition)));
  const byTenant = Map.groupBy(found, ({ key }) => tenantKeyOf(key));
  const tenants = [...byTenant].map(([key, scopes]) => {
    const old = scopes.flatMap(({ key: name, records }) => {
      const scope = parseScope(name);
      return scope === null ? [] : [{ scope, records: records.filter((record) => record.key !== hostRecordKey) }];
    });
    return [key, { records: mergeStates(own.get(key) ?? [], old), homes: homesOf(scopes, partition) }] as const;
  });
  const old = found.flatMap((scope) =>
    scope.records.map(({ key }) => ({ partition: scope.partition, key: stateKey(scope.key, key) })),
  );
  return { tenants: new Map(tenants), old };
}

function tenantKeyOf(key: string): string {
  return correlationKey({ tenant: parseScope(key)?.tenant ?? '' });
}

/** A revision must follow the one before it: where an incident was published it stays. */
function homesOf(scopes: readonly OldScope[], partition: number): Readonly<Record<string, number>> {
  const elsewhere = scopes.filter((scope) => scope.partition !== partition);
  return Object.fromEntries(
    elsewhere.flatMap((scope) =>
      scope.records.flatMap(({ key }) =>
        key.startsWith('incident/') ? [[key.slice('incident/'.length), scope.partition]] : [],
      ),
    ),
  );
}

async function oldScopesIn(bus: Bus, partition: number, isMine: (tenantKey: string) => boolean): Promise<OldScope[]> {
  const values = new Map<string, Uint8Array>();
  for await (const { key, value } of bus.read({ topic: 'state', partition, from: 0n })) {
    const scope = parseScope(parseStateKey(key)?.scopeKey ?? '');
    if (scope === null || scope.environment === '' || !isMine(correlationKey(scope))) continue;
    if (value === null) values.delete(key);
    else values.set(key, value);
  }
  const scopes = new Map<string, OldScope>();
  for (const [whole, value] of values) {
    const parsed = parseStateKey(whole);
    if (parsed === null) continue;
    const scope = scopes.get(parsed.scopeKey) ?? { key: parsed.scopeKey, partition, records: [] };
    scope.records.push({ key: parsed.recordKey, value: utf8.decode(value) });
    scopes.set(parsed.scopeKey, scope);
  }
  return [...scopes.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

const utf8 = new TextDecoder();
