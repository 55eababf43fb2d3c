import type { ChildRow, EvidenceQuestion } from '@faultline/model';
import type { Engine, Statement } from '../engine.ts';
import { type KeyResult, sliceSumsStatement, toSliceRows } from './by-key.ts';
import type { Budget } from './statement.ts';

const sums = { spans: 'sum(Spans)', calls: 'sum(Calls)', errors: 'sum(Errors)' };

/** `ChildRow`s by key, keys with most calls first. */
export function childrenStatement(question: EvidenceQuestion, budget: Budget): Statement {
  return sliceSumsStatement(
    question,
    {
      table: 'child_windows',
      key: {
        service: 'Service',
        operation: 'Operation',
        childService: 'ChildService',
        childOperation: 'ChildOperation',
      },
      sums,
      order: ['sum(calls) DESC'],
    },
    budget,
  );
}

export async function readChildren(
  engine: Pick<Engine, 'select'>,
  question: EvidenceQuestion,
  budget: Budget,
): Promise<readonly ChildRow[]> {
  return toSliceRows(await engine.select<KeyResult>(childrenStatement(question, budget)), sums);
}
