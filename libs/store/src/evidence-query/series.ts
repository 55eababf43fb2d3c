/** The query for metric series. sql/0020_metric_windows.sql says how a value is read from its windows. */
import { inScope, inSides, matching, type Selection, sideOf, where } from './literal.ts';

/**
 * Cumulative series are read as their growth from window to window. One whose value fell was reset, so its growth is
 * the new value.
 */
export function seriesQuery({ scope, source }: Selection): string {
  const { service, metric, instance, text } = source;
  const names = matching({ Service: service, Metric: metric, Instance: instance, AttributeText: text });
  return `SELECT
    instance,
    ${sideOf(source)} AS side,
    round(median(value), 4) AS middle,
    round(avg(value), 4) AS mean,
    round(max(if(shape = 'gauge', highest, value)), 4) AS highest,
    any(unit) AS unit,
    any(shape) AS read_as
FROM
(
    SELECT
        *,
        previous.1 > toDateTime64(0, 3, 'UTC') ? previous : first AS base,
        if(last.2 < base.2, last.2, last.2 - base.2) AS growth,
        if(last.3 < base.3, last.3, last.3 - base.3) AS weight_growth,
        multiIf(
            shape = 'counter', growth / nullIf(date_diff('millisecond', base.1, last.1) / 1000, 0),
            shape = 'delta', total / 10,
            shape = 'distribution', growth / nullIf(weight_growth, 0),
            total / nullIf(weight, 0)) AS value
    FROM
    (
        SELECT
            WindowStart,
            Series,
            any(Instance) AS instance,
            any(Unit) AS unit,
            any(Shape) AS shape,
            sum(Sum) AS total,
            sum(Weight) AS weight,
            max(Max) AS highest,
            min(First) AS first,
            max(Last) AS last,
            lagInFrame(last) OVER (PARTITION BY Series ORDER BY WindowStart ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS previous
        FROM metric_windows
        ${where([inScope(scope), inSides(source), ...names])}
        GROUP BY Series, WindowStart
    )
)
GROUP BY instance, side
ORDER BY instance, side
LIMIT 1000`;
}
