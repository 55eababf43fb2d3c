import type { EvidenceQuestion } from '@faultline/model';
import type { Statement } from '../engine.ts';
import { type Budget, bounded, inRange, inScope, pairsOf, scopeParams, sliceOf, sliceParams } from './statement.ts';

const maxRows = 20_000;

/** `OperationRow`s: per key and slice, keys with most calls first. */
export function operationsStatement(question: EvidenceQuestion, budget: Budget): Statement {
  const key = 'service, instance, operation, kind, version';
  return bounded(
    `SELECT * EXCEPT (weight)
FROM
(
    SELECT
        ${sliceOf} AS slice,
        Service AS service,
        Instance AS instance,
        Operation AS operation,
        Kind AS kind,
        Version AS version,
        sum(Calls) AS calls,
        sum(Errors) AS errors,
        sum(OwnErrors) AS ownErrors,
        ${pairsOf('Duration')} AS duration,
        sum(SettledCalls) AS settledCalls,
        ${pairsOf('Self')} AS self,
        sum(calls) OVER (PARTITION BY ${key}) AS weight
    FROM operation_windows
    WHERE ${inScope} AND ${inRange} AND slice >= 0
    GROUP BY slice, ${key}
)
ORDER BY weight DESC, ${key}, slice
LIMIT ${maxRows}`,
    { ...scopeParams(question.scope), ...sliceParams(question.slices) },
    budget,
  );
}
