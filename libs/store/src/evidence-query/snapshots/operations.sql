WITH
    sumMap(Duration) AS duration,
    sumMap(Self) AS own_time
SELECT
    if(WindowStart < toDateTime('1970-01-01 00:11:00', 'UTC'), 'before', 'during') AS side,
    sum(Calls) AS calls,
    round(sum(Calls) / 10 / uniqExact(WindowStart), 2) AS calls_per_second,
    round(100 * sum(Errors) / nullIf(sum(Calls), 0), 2) AS error_percent,
    round(100 * sum(OwnErrors) / nullIf(sum(SettledCalls), 0), 2) AS own_error_percent,
    round(arraySum((bucket, n) -> exp2((bucket + 0.5) / 8) * n, mapKeys(duration), mapValues(duration)) / nullIf(arraySum(mapValues(duration)), 0) / 1000, 2) AS mean_ms,
    round(exp2((mapKeys(duration)[arrayFirstIndex(seen -> seen >= 0.95 * arraySum(mapValues(duration)), arrayCumSum(mapValues(duration)))] + 0.5) / 8) / 1000, 2) AS p95_ms,
    round(arraySum((bucket, n) -> exp2((bucket + 0.5) / 8) * n, mapKeys(own_time), mapValues(own_time)) / nullIf(arraySum(mapValues(own_time)), 0) / 1000, 2) AS own_time_mean_ms
FROM operation_windows
WHERE Tenant = 'acme' AND Environment = 'prod'
    AND (WindowStart >= toDateTime('1970-01-01 00:00:00', 'UTC') AND WindowStart < toDateTime('1970-01-01 00:10:00', 'UTC') OR WindowStart >= toDateTime('1970-01-01 00:11:00', 'UTC') AND WindowStart < toDateTime('1970-01-01 00:15:00', 'UTC'))
    AND Service = 'cart'
    AND Operation = 'GET /cart'
    AND Kind NOT IN ('client', 'producer')
GROUP BY side
ORDER BY side
