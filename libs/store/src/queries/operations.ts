import type { OperationRow } from '@faultline/model';
import type { Engine, Statement } from '../engine.ts';
import { type KeyResult, type SliceQuery, type SliceSums, sliceSumsStatement, toSliceRows } from './by-key.ts';
import { type Detail, decideDetail, detailed, keysStatement } from './detail.ts';
import { type Budget, pairsOf } from './statement.ts';

/** Edges have the durations of calls made. Summing them here as well would cost as much as all other sums. */
const isServed = "Kind NOT IN ('client', 'producer')";

const sums = {
  calls: 'sum(Calls)',
  errors: 'sum(Errors)',
  ownErrors: 'sum(OwnErrors)',
  duration: pairsOf('Duration', isServed),
  settledCalls: 'sum(SettledCalls)',
  self: pairsOf('Self', isServed),
};

const keyColumns = ['Service', 'Instance', 'Operation', 'Kind', 'Version'];

function operationSums(detail: Detail): SliceSums {
  return {
    table: 'operation_windows',
    periods: 'operation_periods',
    columns: [...keyColumns, 'Calls', 'Errors', 'OwnErrors', 'Duration', 'SettledCalls', 'Self'],
    key: {
      service: 'Service',
      instance: detailed('Instance', 'Service', detail),
      operation: 'Operation',
      kind: 'Kind',
      version: detailed('Version', 'Service', detail),
    },
    sums,
    order: ['sum(calls) DESC'],
    isAround: 'Service IN {services:Array(String)}',
  };
}

/** `OperationRow`s by key, keys with most calls first. Client and producer operations have no histograms. */
export function operationsStatement(query: SliceQuery, detail: Detail, budget: Budget): Statement {
  return sliceSumsStatement(query, operationSums(detail), budget);
}

/** One row: the number of keys with instances. */
export function operationKeysStatement(query: SliceQuery, budget: Budget): Statement {
  return keysStatement(query, { table: 'operation_windows', columns: keyColumns }, budget);
}

export async function readOperations(
  engine: Pick<Engine, 'select'>,
  query: SliceQuery,
  budget: Budget,
): Promise<readonly OperationRow[]> {
  if (query.around) return rowsOf(engine, operationsStatement(query, 'near', budget));
  const [counted] = await engine.select<{ keys: number }>(operationKeysStatement(query, budget));
  const detail = decideDetail(counted?.keys ?? 0, query.slices.length);
  return rowsOf(engine, operationsStatement(query, detail, budget));
}

async function rowsOf(engine: Pick<Engine, 'select'>, statement: Statement): Promise<readonly OperationRow[]> {
  return toSliceRows(await engine.select<KeyResult>(statement), sums);
}
