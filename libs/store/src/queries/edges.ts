import type { EdgeRow } from '@faultline/model';
import type { Engine, Statement } from '../engine.ts';
import { type KeyResult, type SliceQuery, sliceSumsStatement, toSliceRows } from './by-key.ts';
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
 * `EdgeRow`s by caller, callee, its instance and source, busiest first. Operations and the caller's instances are
 * summed, because pairs of them would be many times as many. Periods hold no instances, so one instance is compared
 * with what all of them did before.
 */
export function edgesStatement(query: SliceQuery, detail: Detail, budget: Budget): Statement {
  return sliceSumsStatement(
    query,
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
      // Also the callers of the near services, because callers show the state of a service that sends no telemetry.
      isAround:
        '((Caller IN {services:Array(String)} AND Callee IN {callees:Array(String)}) OR Callee IN {near:Array(String)})',
    },
    budget,
  );
}

/** One row: the number of keys with instances. */
export function edgeKeysStatement(query: SliceQuery, budget: Budget): Statement {
  return keysStatement(query, { table: 'edge_windows', columns: keyColumns }, budget);
}

export async function readEdges(
  engine: Pick<Engine, 'select'>,
  query: SliceQuery,
  budget: Budget,
): Promise<readonly EdgeRow[]> {
  const detail = await detailOf(engine, query, budget);
  const rows = toSliceRows<EdgeRow>(await engine.select<KeyResult>(edgesStatement(query, detail, budget)), sums);
  return rows.map((row) => ({ ...row, callerInstance: '', operation: '' }));
}

async function detailOf(engine: Pick<Engine, 'select'>, query: SliceQuery, budget: Budget): Promise<Detail> {
  if (query.around) return 'near';
  const [counted] = await engine.select<{ keys: number }>(edgeKeysStatement(query, budget));
  return decideDetail(counted?.keys ?? 0, query.slices.length);
}
