import type { ChildRow } from '@faultline/model';
import type { Engine, Statement } from '../engine.ts';
import { type KeyResult, type SliceQuery, sliceSumsStatement, toSliceRows } from './by-key.ts';
import type { Budget } from './statement.ts';

const sums = { spans: 'sum(Spans)', calls: 'sum(Calls)', errors: 'sum(Errors)' };

/** `ChildRow`s by key, keys with most calls first. */
export function childrenStatement(query: SliceQuery, budget: Budget): Statement {
  return sliceSumsStatement(
    query,
    {
      table: 'child_windows',
      columns: ['Service', 'Operation', 'ChildService', 'ChildOperation', 'Spans', 'Calls', 'Errors'],
      key: {
        service: 'Service',
        operation: 'Operation',
        childService: 'ChildService',
        childOperation: 'ChildOperation',
      },
      sums,
      order: ['sum(calls) DESC'],
      isAround: 'Service IN {services:Array(String)}',
    },
    budget,
  );
}

export async function readChildren(
  engine: Pick<Engine, 'select'>,
  query: SliceQuery,
  budget: Budget,
): Promise<readonly ChildRow[]> {
  return toSliceRows(await engine.select<KeyResult>(childrenStatement(query, budget)), sums);
}
