WITH
    sumMap(Duration) AS duration,
    sumMap(Gap) AS gap
SELECT
    Caller AS caller,
    Callee AS callee,
    if(WindowStart < toDateTime('1970-01-01 00:11:00', 'UTC'), 'before', 'during') AS side,
    sum(Calls) AS calls,
    round(100 * sum(Errors) / nullIf(sum(Calls), 0), 2) AS error_percent,
    round(arraySum((bucket, n) -> exp2((bucket + 0.5) / 8) * n, mapKeys(duration), mapValues(duration)) / nullIf(arraySum(mapValues(duration)), 0) / 1000, 2) AS mean_ms,
    round(exp2((mapKeys(duration)[arrayFirstIndex(seen -> seen >= 0.95 * arraySum(mapValues(duration)), arrayCumSum(mapValues(duration)))] + 0.5) / 8) / 1000, 2) AS p95_ms,
    round(arraySum((bucket, n) -> exp2((bucket + 0.5) / 8) * n, mapKeys(gap), mapValues(gap)) / nullIf(arraySum(mapValues(gap)), 0) / 1000, 2) AS on_the_way_mean_ms
FROM edge_windows
WHERE Tenant = 'acme' AND Environment = 'prod'
    AND (WindowStart >= toDateTime('1970-01-01 00:00:00', 'UTC') AND WindowStart < toDateTime('1970-01-01 00:10:00', 'UTC') OR WindowStart >= toDateTime('1970-01-01 00:11:00', 'UTC') AND WindowStart < toDateTime('1970-01-01 00:15:00', 'UTC'))
    AND Caller = 'cart'
    AND Callee = 'db'
GROUP BY caller, callee, side
ORDER BY caller, callee, side
LIMIT 1000
