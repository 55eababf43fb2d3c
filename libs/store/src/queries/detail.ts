/** Whether a result distinguishes instances. */
import type { EvidenceQuery } from '@faultline/model';
import type { Statement } from '../engine.ts';
import { maxSliceRows } from './by-key.ts';
import { type Budget, bounded, inRange, inScope, rangeParams, scopeParams } from './statement.ts';

/** Rows distinguish instances, leave them empty, or distinguish them for near services only. */
export type Detail = 'instances' | 'services' | 'near';

/** How much of the query's latest time is used to count keys. */
const countedMs = 120_000;

/** One row: the number of keys of these columns. */
export function keysStatement(
  query: Pick<EvidenceQuery, 'scope' | 'slices' | 'environments'>,
  { table, columns }: { readonly table: string; readonly columns: readonly string[] },
  budget: Budget,
): Statement {
  const toMs = Math.max(0, ...query.slices.map((slice) => slice.toMs));
  return bounded(
    `SELECT uniq(${columns.join(', ')}) AS keys
FROM ${table}
WHERE ${inScope} AND ${inRange}
LIMIT 1`,
    { ...scopeParams(query), ...rangeParams({ fromMs: toMs - countedMs, toMs }) },
    budget,
  );
}

/**
 * Distinguishes instances while all of them fit the result, because a complete system is worth more than some of its
 * instances.
 */
export function decideDetail(keys: number, slices: number): Detail {
  return keys * slices <= maxSliceRows ? 'instances' : 'services';
}

/** A column of instances as the key has it. `service` is the column of the service that the instance belongs to. */
export function detailed(column: string, service: string, detail: Detail): string {
  if (detail === 'instances') return column;
  return detail === 'near' ? `if(${service} IN {near:Array(String)}, ${column}, '')` : "''";
}
