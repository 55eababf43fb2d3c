/** Literals of a query that a person pastes. It has no parameters, so every value is written into it, quoted. */
import type { EvidenceSource, TimeRange } from '@faultline/model';
import { toSecond } from '../queries/statement.ts';
import { quoted } from '../quoted.ts';

/** A time in whole seconds, as windows have it. */
export function moment(atMs: number): string {
  const text = new Date(toSecond(atMs) * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return `toDateTime('${text}', 'UTC')`;
}

/** What a query reads: a tenant's environments. */
export interface QueryScope {
  readonly tenant: string;
  readonly environments: readonly string[];
}

export function inScope({ tenant, environments }: QueryScope): string {
  return `Tenant = ${quoted(tenant)} AND ${inEnvironments(environments)}`;
}

export function inEnvironments(environments: readonly string[]): string {
  const [only = '', ...others] = environments.map(quoted);
  return others.length === 0 ? `Environment = ${only}` : `Environment IN (${[only, ...others].join(', ')})`;
}

/** Conditions that columns equal names. An empty name is not restricted. */
export function matching(columns: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(columns).flatMap(([column, name]) => (name === '' ? [] : [`${column} = ${quoted(name)}`]));
}

/** What a query shows: its scope, and where the rows are. */
export interface Selection {
  readonly scope: QueryScope;
  readonly source: EvidenceSource;
}

export interface Sides {
  readonly before: TimeRange;
  readonly during: TimeRange;
}

/** Windows before or during. The time between, in which the fault may have begun, counts for neither. */
export function inSides({ before, during }: Sides): string {
  const within = ({ fromMs, toMs }: TimeRange) => `WindowStart >= ${moment(fromMs)} AND WindowStart < ${moment(toMs)}`;
  return `(${within(before)} OR ${within(during)})`;
}

/** The name of a window's side. */
export function sideOf({ during }: Sides): string {
  return `if(WindowStart < ${moment(during.fromMs)}, 'before', 'during')`;
}

export function where(conditions: readonly string[]): string {
  return `WHERE ${conditions.join('\n    AND ')}`;
}
