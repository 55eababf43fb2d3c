import type { OperationRow } from '@faultline/model';
import type { Engine, Statement } from '../engine.ts';
import { type AskedSlices, type KeyResult, type SliceSums, sliceSumsStatement, toSliceRows } from './by-key.ts';
import { type Detail, decideDetail, detailed, keysStatement } from './detail.ts';
import { type Budget, pairsOf } from './statement.ts';

/** How long calls take is told by edges, for both ends; adding up their histograms here as well would cost as much as all other sums. */
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

/** `OperationRow`s by key, keys with most calls first. Those of calls made have no histograms. */
export function operationsStatement(question: AskedSlices, detail: Detail, budget: Budget): Statement {
  return sliceSumsStatement(question, operationSums(detail), budget);
}

/** One row: how many keys there are with instances told apart. */
export function operationKeysStatement(question: AskedSlices, budget: Budget): Statement {
  return keysStatement(question, { table: 'operation_windows', columns: keyColumns }, budget);
}

export async function readOperations(
  engine: Pick<Engine, 'select'>,
  question: AskedSlices,
  budget: Budget,
): Promise<readonly OperationRow[]> {
  if (question.around) return rowsOf(engine, operationsStatement(question, 'near', budget));
  const [counted] = await engine.select<{ keys: number }>(operationKeysStatement(question, budget));
  const detail = decideDetail(counted?.keys ?? 0, question.slices.length);
  return rowsOf(engine, operationsStatement(question, detail, budget));
}

async function rowsOf(engine: Pick<Engine, 'select'>, statement: Statement): Promise<readonly OperationRow[]> {
  return toSliceRows(await engine.select<KeyResult>(statement), sums);
}
