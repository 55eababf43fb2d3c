import type { EdgeRow } from '@faultline/model';
import type { Engine, Statement } from '../engine.ts';
import { type AskedSlices, type KeyResult, sliceSumsStatement, toSliceRows } from './by-key.ts';
import { type Budget, pairsOf } from './statement.ts';

const sums = {
  calls: 'sum(Calls)',
  errors: 'sum(Errors)',
  duration: pairsOf('Duration'),
  gap: pairsOf('Gap'),
  lastSeenMs: 'toUnixTimestamp64Milli(max(LastSeen))',
};

/** `EdgeRow`s by caller, callee and source, busiest first. Operations and instances are summed: pairs of them would be many times as many. */
export function edgesStatement(question: AskedSlices, budget: Budget): Statement {
  return sliceSumsStatement(
    question,
    {
      table: 'edge_windows',
      periods: 'edge_periods',
      columns: ['Caller', 'Callee', 'Source', 'Calls', 'Errors', 'Duration', 'Gap', 'LastSeen'],
      key: { caller: 'Caller', callee: 'Callee', source: 'Source' },
      sums,
      order: ['sum(calls) DESC'],
      // Of the near ones also who calls them: what callers saw tells of a service that is silent itself.
      isAround:
        '((Caller IN {services:Array(String)} AND Callee IN {callees:Array(String)}) OR Callee IN {near:Array(String)})',
    },
    budget,
  );
}

export async function readEdges(
  engine: Pick<Engine, 'select'>,
  question: AskedSlices,
  budget: Budget,
): Promise<readonly EdgeRow[]> {
  const rows = toSliceRows<EdgeRow>(await engine.select<KeyResult>(edgesStatement(question, budget)), sums);
  return rows.map((row) => ({ ...row, callerInstance: '', calleeInstance: '', operation: '' }));
}
