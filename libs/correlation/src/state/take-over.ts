/**
 * Makes one state of a tenant out of those of its environments, which older releases kept apart: see docs/adr/0026-scope-is-the-tenant.md.
 * What a record says of its environment is kept in the record. One that cannot be read stays as it is, for the host to put aside.
 */
import { foldEnvironment, type Scope, type StateRecord } from '@faultline/model';

export interface OldState {
  readonly scope: Scope;
  readonly records: readonly StateRecord[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Records of what the tenant has already, then those of its environments. The first of two with one key stays. */
export function mergeStates(own: readonly StateRecord[], old: readonly OldState[]): readonly StateRecord[] {
  const merged = new Map(own.map(({ key, value }) => [key, value]));
  for (const { scope, records } of old) {
    const { environment } = foldEnvironment(scope.environment);
    const alertKeys = alertKeysOf(records, merged, environment);
    for (const record of records) {
      const { key, value } = moved(record, environment, alertKeys);
      if (!merged.has(key)) merged.set(key, value);
    }
  }
  return [...merged].map(([key, value]) => ({ key, value }));
}

/** One key of a sender in two environments is two alerts. */
function alertKeysOf(
  records: readonly StateRecord[],
  taken: ReadonlyMap<string, string>,
  environment: string,
): ReadonlyMap<string, string> {
  const keys = records.flatMap(({ key }) => (key.startsWith('alert/') ? [key.slice('alert/'.length)] : []));
  return new Map(keys.map((key) => [key, taken.has(`alert/${key}`) ? `${key}@${environment}` : key]));
}

function moved(record: StateRecord, environment: string, alertKeys: ReadonlyMap<string, string>): StateRecord {
  const fields = fieldsOf(record.value);
  const [prefix = '', ...rest] = record.key.split('/');
  const id = rest.join('/');
  const alertKey = (key: unknown) => alertKeys.get(String(key)) ?? key;
  const as = (key: string, changed: Fields): StateRecord => ({ key, value: JSON.stringify({ ...fields, ...changed }) });
  if (fields === null) return record;
  switch (prefix) {
    case 'alert':
      return as(`alert/${alertKey(id)}`, { key: alertKey(id), environment });
    case 'incident':
      return as(record.key, { anchor: alertKey(fields['anchor']) });
    case 'split':
      return as(record.key, { sides: sidesOf(fields['sides'], alertKey) });
    case 'change':
      return as(record.key, { scope: foldedScope(fields['scope']) });
    case 'graph':
      return as(environment === '' ? record.key : `${record.key}@${environment}`, {
        scope: foldedScope(fields['scope']),
      });
    case 'topology':
      return { ...record, key: environment === '' ? record.key : `topology/${environment}` };
    default:
      return record;
  }
}

function sidesOf(sides: unknown, alertKey: (key: unknown) => unknown): unknown {
  if (!Array.isArray(sides)) return sides;
  return sides.map((side: { readonly alerts?: readonly unknown[] }) => ({
    ...side,
    alerts: (side.alerts ?? []).map(alertKey),
  }));
}

function foldedScope(scope: unknown): unknown {
  if (typeof scope !== 'object' || scope === null || !('environment' in scope)) return scope;
  return { ...scope, environment: foldEnvironment(String(scope.environment)).environment };
}

function fieldsOf(value: string): Fields | null {
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Fields) : null;
  } catch {
    return null;
  }
}
