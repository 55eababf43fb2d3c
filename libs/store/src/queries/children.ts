import type { EvidenceQuestion } from '@faultline/model';
import type { Statement } from '../engine.ts';
import { type Budget, bounded, inRange, inScope, scopeParams, sliceOf, sliceParams } from './statement.ts';

const maxRows = 20_000;

/** `ChildRow`s: per key and slice, keys with most calls first. */
export function childrenStatement(question: EvidenceQuestion, budget: Budget): Statement {
  const key = 'service, operation, childService, childOperation';
  return bounded(
    `SELECT * EXCEPT (weight)
FROM
(
    SELECT
        ${sliceOf} AS slice,
        Service AS service,
        Operation AS operation,
        ChildService AS childService,
        ChildOperation AS childOperation,
        sum(Spans) AS spans,
        sum(Calls) AS calls,
        sum(Errors) AS errors,
        sum(calls) OVER (PARTITION BY ${key}) AS weight
    FROM child_windows
    WHERE ${inScope} AND ${inRange} AND slice >= 0
    GROUP BY slice, ${key}
)
ORDER BY weight DESC, ${key}, slice
LIMIT ${maxRows}`,
    { ...scopeParams(question.scope), ...sliceParams(question.slices) },
    budget,
  );
}
