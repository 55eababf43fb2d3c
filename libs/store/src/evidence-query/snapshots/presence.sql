SELECT
    Instance AS instance,
    max(Node) AS node,
    max(Zone) AS zone,
    max(LastSpan) AS last_span,
    (SELECT max(LastSpan) FROM presence WHERE Tenant = 'acme' AND Environment = 'prod' AND Day >= toDate(toDateTime('1970-01-01 00:00:00', 'UTC'), 'UTC')) AS last_span_of_anybody,
    max(LastLog) AS last_log,
    (SELECT max(LastLog) FROM presence WHERE Tenant = 'acme' AND Environment = 'prod' AND Day >= toDate(toDateTime('1970-01-01 00:00:00', 'UTC'), 'UTC')) AS last_log_of_anybody,
    max(LastMetric) AS last_metric,
    (SELECT max(LastMetric) FROM presence WHERE Tenant = 'acme' AND Environment = 'prod' AND Day >= toDate(toDateTime('1970-01-01 00:00:00', 'UTC'), 'UTC')) AS last_metric_of_anybody
FROM presence
WHERE Tenant = 'acme' AND Environment = 'prod'
    AND Day >= toDate(toDateTime('1970-01-01 00:00:00', 'UTC'), 'UTC')
    AND Service = 'cart'
GROUP BY instance
ORDER BY greatest(last_span, last_log, last_metric), instance
LIMIT 1000
