import type { OperationRow } from '@faultline/model';
import type { Engine, Statement } from '../engine.ts';
import {
  type AskedSlices,
  type KeyResult,
  maxSliceRows,
  type SliceSums,
  sliceSumsStatement,
  toSliceRows,
} from './by-key.ts';
import { type Budget, bounded, inRange, inScope, pairsOf, rangeParams, scopeParams } from './statement.ts';

/** How far back is looked to tell how many keys there are: the newest of the question's time. */
const countedMs = 120_000;

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

function operationSums(detail: OperationDetail): SliceSums {
  const names = detail === 'services' ? [] : ['Instance', 'Version'];
  const [instance = "''", version = "''"] =
    detail === 'near' ? names.map((name) => `if(Service IN {near:Array(String)}, ${name}, '')`) : names;
  return {
    table: 'operation_windows',
    periods: 'operation_periods',
    columns: [
      'Service',
      ...names,
      'Operation',
      'Kind',
      'Calls',
      'Errors',
      'OwnErrors',
      'Duration',
      'SettledCalls',
      'Self',
    ],
    key: { service: 'Service', instance, operation: 'Operation', kind: 'Kind', version },
    sums,
    order: ['sum(calls) DESC'],
    isAround: 'Service IN {services:Array(String)}',
  };
}

/** Whether rows tell instances and versions apart, leave both empty, or do the first for near services only. */
export type OperationDetail = 'instances' | 'services' | 'near';

/** `OperationRow`s by key, keys with most calls first. Those of calls made have no histograms. */
export function operationsStatement(question: AskedSlices, detail: OperationDetail, budget: Budget): Statement {
  return sliceSumsStatement(question, operationSums(detail), budget);
}

/** One row: how many keys there are with instances told apart. */
export function operationKeysStatement(question: AskedSlices, budget: Budget): Statement {
  const toMs = Math.max(0, ...question.slices.map((slice) => slice.toMs));
  return bounded(
    `SELECT uniq(Service, Instance, Operation, Kind, Version) AS keys
FROM operation_windows
WHERE ${inScope} AND ${inRange}
LIMIT 1`,
    { ...scopeParams(question.scope), ...rangeParams({ fromMs: toMs - countedMs, toMs }) },
    budget,
  );
}

/** Instances are told apart while all of them fit the answer: the operations of a whole system are worth more than those of some instances. */
export function decideDetail(keys: number, slices: number): OperationDetail {
  return keys * slices <= maxSliceRows ? 'instances' : 'services';
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
