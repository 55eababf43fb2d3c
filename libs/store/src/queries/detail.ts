/** Whether an answer tells instances apart. */
import type { EvidenceQuery } from '@faultline/model';
import type { Statement } from '../engine.ts';
import { maxSliceRows } from './by-key.ts';
import { type Budget, bounded, inRange, inScope, rangeParams, scopeParams } from './statement.ts';

/** Rows tell instances apart, leave them empty, or do the first for near services only. */
export type Detail = 'instances' | 'services' | 'near';

/** How far back is looked to tell how many keys there are: the newest of the question's time. */
const countedMs = 120_000;

/** One row: how many keys of these columns there are. */
export function keysStatement(
  question: Pick<EvidenceQuery, 'scope' | 'slices'>,
  { table, columns }: { readonly table: string; readonly columns: readonly string[] },
  budget: Budget,
): Statement {
  const toMs = Math.max(0, ...question.slices.map((slice) => slice.toMs));
  return bounded(
    `SELECT uniq(${columns.join(', ')}) AS keys
FROM ${table}
WHERE ${inScope} AND ${inRange}
LIMIT 1`,
    { ...scopeParams(question.scope), ...rangeParams({ fromMs: toMs - countedMs, toMs }) },
    budget,
  );
}

/** Instances are told apart while all of them fit the answer: the whole of a system is worth more than some of its instances. */
export function decideDetail(keys: number, slices: number): Detail {
  return keys * slices <= maxSliceRows ? 'instances' : 'services';
}

/** A column of instances as the key has it. `service`: the column that says whose instance it is. */
export function detailed(column: string, service: string, detail: Detail): string {
  if (detail === 'instances') return column;
  return detail === 'near' ? `if(${service} IN {near:Array(String)}, ${column}, '')` : "''";
}
