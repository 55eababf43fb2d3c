import type { EdgeRow, EvidenceQuestion } from '@faultline/model';
import type { Engine, Statement } from '../engine.ts';
import { type KeyResult, sliceSumsStatement, toSliceRows } from './by-key.ts';
import { type Budget, pairsOf } from './statement.ts';

const sums = {
  calls: 'sum(Calls)',
  errors: 'sum(Errors)',
  duration: pairsOf('Duration'),
  gap: pairsOf('Gap'),
  lastSeenMs: 'toUnixTimestamp64Milli(max(LastSeen))',
};

/** `EdgeRow`s by caller, callee and source, busiest first. Operations and instances are summed: pairs of them would be many times as many. */
export function edgesStatement(question: EvidenceQuestion, budget: Budget): Statement {
  return sliceSumsStatement(
    question,
    {
      table: 'edge_windows',
      key: { caller: 'Caller', callee: 'Callee', source: 'Source' },
      sums,
      order: ['sum(calls) DESC'],
    },
    budget,
  );
}

export async function readEdges(
  engine: Pick<Engine, 'select'>,
  question: EvidenceQuestion,
  budget: Budget,
): Promise<readonly EdgeRow[]> {
  const rows = toSliceRows<EdgeRow>(await engine.select<KeyResult>(edgesStatement(question, budget)), sums);
  return rows.map((row) => ({ ...row, callerInstance: '', calleeInstance: '', operation: '' }));
}
