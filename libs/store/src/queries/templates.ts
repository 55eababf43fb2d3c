import type { EvidenceQuestion } from '@faultline/model';
import type { Statement } from '../engine.ts';
import { type Budget, bounded, inRange, inScope, scopeParams, sliceOf, sliceParams } from './statement.ts';

const maxRows = 20_000;
/** OpenTelemetry's number of ERROR. */
const errorSeverity = 17;

/** `TemplateRow`s: per key and slice. Templates of errors first, however rare, then those with most lines. */
export function templatesStatement(question: EvidenceQuestion, budget: Budget): Statement {
  const key = 'service, instance, operation, template';
  return bounded(
    `SELECT * EXCEPT (weight, severe)
FROM
(
    SELECT
        ${sliceOf} AS slice,
        Service AS service,
        Instance AS instance,
        Operation AS operation,
        Template AS template,
        max(Text) AS text,
        max(SeverityNumber) AS severityNumber,
        sum(Lines) AS lines,
        sum(Spans) AS spans,
        sum(lines) OVER (PARTITION BY ${key}) AS weight,
        max(severityNumber) OVER (PARTITION BY ${key}) >= ${errorSeverity} AS severe
    FROM template_windows
    WHERE ${inScope} AND ${inRange} AND slice >= 0
    GROUP BY slice, ${key}
)
ORDER BY severe DESC, weight DESC, ${key}, slice
LIMIT ${maxRows}`,
    { ...scopeParams(question.scope), ...sliceParams(question.slices) },
    budget,
  );
}
