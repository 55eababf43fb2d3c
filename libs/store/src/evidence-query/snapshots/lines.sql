SELECT
    side,
    sum(with_it) AS spans_with_it,
    sum(all) AS spans,
    round(100 * sum(with_it) / nullIf(sum(all), 0), 2) AS percent
FROM
(
    SELECT if(WindowStart < toDateTime('1970-01-01 00:11:00', 'UTC'), 'before', 'during') AS side, Spans AS with_it, 0 AS all
    FROM template_windows
    WHERE Tenant = 'acme' AND Environment = 'prod'
    AND (WindowStart >= toDateTime('1970-01-01 00:00:00', 'UTC') AND WindowStart < toDateTime('1970-01-01 00:10:00', 'UTC') OR WindowStart >= toDateTime('1970-01-01 00:11:00', 'UTC') AND WindowStart < toDateTime('1970-01-01 00:15:00', 'UTC'))
    AND Service = 'cart'
    AND Operation = 'GET /cart'
    AND Text = 'can\'t \\ reach\n<*>'
    UNION ALL
    SELECT if(WindowStart < toDateTime('1970-01-01 00:11:00', 'UTC'), 'before', 'during') AS side, 0 AS with_it, SettledCalls AS all
    FROM operation_windows
    WHERE Tenant = 'acme' AND Environment = 'prod'
    AND (WindowStart >= toDateTime('1970-01-01 00:00:00', 'UTC') AND WindowStart < toDateTime('1970-01-01 00:10:00', 'UTC') OR WindowStart >= toDateTime('1970-01-01 00:11:00', 'UTC') AND WindowStart < toDateTime('1970-01-01 00:15:00', 'UTC'))
    AND Service = 'cart'
    AND Operation = 'GET /cart'
)
GROUP BY side
ORDER BY side
