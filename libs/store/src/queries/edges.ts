import type { EdgeRow } from '@faultline/model';
import type { Engine, Statement } from '../engine.ts';
import { type AskedSlices, type KeyResult, sliceSumsStatement, toSliceRows } from './by-key.ts';
import { type Detail, decideDetail, detailed, keysStatement } from './detail.ts';
import { type Budget, pairsOf } from './statement.ts';

const sums = {
  calls: 'sum(Calls)',
  errors: 'sum(Errors)',
  duration: pairsOf('Duration'),
  gap: pairsOf('Gap'),
  lastSeenMs: 'toUnixTimestamp64Milli(max(LastSeen))',
};

const keyColumns = ['Caller', 'Callee', 'Source', 'CalleeInstance'];

/**
 * `EdgeRow`s by caller, callee, its instance and source, busiest first. Operations and instances of the caller are summed: pairs of them would be many
 * times as many. Periods tell no instances: what one did is held against what all did before.
 */
export function edgesStatement(question: AskedSlices, detail: Detail, budget: Budget): Statement {
  return sliceSumsStatement(
    question,
    {
      table: 'edge_windows',
      periods: 'edge_periods',
      columns: [...keyColumns, 'Calls', 'Errors', 'Duration', 'Gap', 'LastSeen'],
      notInPeriods: { CalleeInstance: "''" },
      key: {
        caller: 'Caller',
        callee: 'Callee',
        calleeInstance: detailed('CalleeInstance', 'Callee', detail),
        source: 'Source',
      },
      sums,
      order: ['sum(calls) DESC'],
      // Of the near ones also who calls them: what callers saw tells of a service that is silent itself.
      isAround:
        '((Caller IN {services:Array(String)} AND Callee IN {callees:Array(String)}) OR Callee IN {near:Array(String)})',
    },
    budget,
  );
}

/** One row: how many keys there are with instances told apart. */
export function edgeKeysStatement(question: AskedSlices, budget: Budget): Statement {
  return keysStatement(question, { table: 'edge_windows', columns: keyColumns }, budget);
}

export async function readEdges(
  engine: Pick<Engine, 'select'>,
  question: AskedSlices,
  budget: Budget,
): Promise<readonly EdgeRow[]> {
  const detail = await detailOf(engine, question, budget);
  const rows = toSliceRows<EdgeRow>(await engine.select<KeyResult>(edgesStatement(question, detail, budget)), sums);
  return rows.map((row) => ({ ...row, callerInstance: '', operation: '' }));
}

async function detailOf(engine: Pick<Engine, 'select'>, question: AskedSlices, budget: Budget): Promise<Detail> {
  if (question.around) return 'near';
  const [counted] = await engine.select<{ keys: number }>(edgeKeysStatement(question, budget));
  return decideDetail(counted?.keys ?? 0, question.slices.length);
}
