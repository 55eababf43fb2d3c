/**
 * Queries for calls: of operations, between services, and the child calls of an operation. They return rows for before
 * and during the incident.
 */
import { inScope, inSides, matching, type Selection, sideOf, where } from './literal.ts';
import { meanMs, quantileMs } from './measure.ts';

export function operationsQuery({ scope, source }: Selection): string {
  const { service, operation, instance } = source;
  const kinds = operation === '' ? "Kind IN ('server', 'consumer')" : "Kind NOT IN ('client', 'producer')";
  return `WITH
    sumMap(Duration) AS duration,
    sumMap(Self) AS own_time
SELECT
    ${sideOf(source)} AS side,
    sum(Calls) AS calls,
    round(sum(Calls) / 10 / uniqExact(WindowStart), 2) AS calls_per_second,
    round(100 * sum(Errors) / nullIf(sum(Calls), 0), 2) AS error_percent,
    round(100 * sum(OwnErrors) / nullIf(sum(SettledCalls), 0), 2) AS own_error_percent,
    ${meanMs('duration')} AS mean_ms,
    ${quantileMs('duration', 0.95)} AS p95_ms,
    ${meanMs('own_time')} AS own_time_mean_ms
FROM operation_windows
${where([inScope(scope), inSides(source), ...matching({ Service: service, Operation: operation, Instance: instance }), kinds])}
GROUP BY side
ORDER BY side`;
}

export function edgesQuery({ scope, source }: Selection): string {
  return `WITH
    sumMap(Duration) AS duration,
    sumMap(Gap) AS gap
SELECT
    Caller AS caller,
    Callee AS callee,
    ${sideOf(source)} AS side,
    sum(Calls) AS calls,
    round(100 * sum(Errors) / nullIf(sum(Calls), 0), 2) AS error_percent,
    ${meanMs('duration')} AS mean_ms,
    ${quantileMs('duration', 0.95)} AS p95_ms,
    ${meanMs('gap')} AS on_the_way_mean_ms
FROM edge_windows
${where([inScope(scope), inSides(source), ...matching({ Caller: source.service, Callee: source.peer })])}
GROUP BY caller, callee, side
ORDER BY caller, callee, side
LIMIT 1000`;
}

export function childrenQuery(selected: Selection): string {
  const { service, operation, peer, text } = selected.source;
  if (peer === '' && text === '') return allChildrenQuery(selected);
  const step = { Service: service, Operation: operation, ChildService: peer, ChildOperation: text };
  return sharesQuery(selected, 'child_windows', step);
}

function allChildrenQuery({ scope, source }: Selection): string {
  return `SELECT
    ChildService AS child_service,
    ChildOperation AS child_operation,
    ${sideOf(source)} AS side,
    sum(Spans) AS spans_with_it,
    round(sum(Spans) / 10 / uniqExact(WindowStart), 2) AS per_second
FROM child_windows
${where([inScope(scope), inSides(source), ...matching({ Service: source.service, Operation: source.operation })])}
GROUP BY child_service, child_operation, side
ORDER BY child_service, child_operation, side
LIMIT 1000`;
}

/** Lines inside spans as a share of the spans; lines without a span as a rate per minute. */
export function linesQuery(selected: Selection): string {
  const { scope, source } = selected;
  const { service, operation, text } = source;
  if (operation !== '')
    return sharesQuery(selected, 'template_windows', { Service: service, Operation: operation, Text: text });
  const minutes = ({ fromMs, toMs }: { fromMs: number; toMs: number }) => ((toMs - fromMs) / 60_000).toFixed(2);
  return `SELECT
    ${sideOf(source)} AS side,
    sum(Lines) AS lines,
    round(sum(Lines) / if(side = 'before', ${minutes(source.before)}, ${minutes(source.during)}), 2) AS lines_per_minute,
    groupUniqArray(20)(Instance) AS instances
FROM template_windows
${where([inScope(scope), inSides(source), ...matching({ Service: service, Text: text }), "Operation = ''"])}
GROUP BY side
ORDER BY side`;
}

/**
 * The share of an operation's spans that have the child call or line. A union, not a join, so it means the same on a
 * cluster.
 */
function sharesQuery({ scope, source }: Selection, table: string, step: Readonly<Record<string, string>>): string {
  const { service, operation } = source;
  const common = [inScope(scope), inSides(source)];
  return `SELECT
    side,
    sum(with_it) AS spans_with_it,
    sum(all) AS spans,
    round(100 * sum(with_it) / nullIf(sum(all), 0), 2) AS percent
FROM
(
    SELECT ${sideOf(source)} AS side, Spans AS with_it, 0 AS all
    FROM ${table}
    ${where([...common, ...matching(step)])}
    UNION ALL
    SELECT ${sideOf(source)} AS side, 0 AS with_it, SettledCalls AS all
    FROM operation_windows
    ${where([...common, ...matching({ Service: service, Operation: operation })])}
)
GROUP BY side
ORDER BY side`;
}
