import type { EvidenceQuestion } from '@faultline/model';
import type { Statement } from '../engine.ts';
import { type Budget, bounded, inRange, inScope, pairsOf, scopeParams, sliceOf, sliceParams } from './statement.ts';

const maxRows = 20_000;

/** `EdgeRow`s: per key and slice, keys with most calls first. */
export function edgesStatement(question: EvidenceQuestion, budget: Budget): Statement {
  const key = 'caller, callee, callerInstance, calleeInstance, operation, source';
  return bounded(
    `SELECT * EXCEPT (weight)
FROM
(
    SELECT
        ${sliceOf} AS slice,
        Caller AS caller,
        Callee AS callee,
        CallerInstance AS callerInstance,
        CalleeInstance AS calleeInstance,
        Operation AS operation,
        Source AS source,
        sum(Calls) AS calls,
        sum(Errors) AS errors,
        ${pairsOf('Duration')} AS duration,
        ${pairsOf('Gap')} AS gap,
        toUnixTimestamp64Milli(max(LastSeen)) AS lastSeenMs,
        sum(calls) OVER (PARTITION BY ${key}) AS weight
    FROM edge_windows
    WHERE ${inScope} AND ${inRange} AND slice >= 0
    GROUP BY slice, ${key}
)
ORDER BY weight DESC, ${key}, slice
LIMIT ${maxRows}`,
    { ...scopeParams(question.scope), ...sliceParams(question.slices) },
    budget,
  );
}
