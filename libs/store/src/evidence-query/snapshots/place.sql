WITH
    WindowStart < toDateTime('1970-01-01 00:11:00', 'UTC') AS is_before,
    sumMapIf(Self, is_before) AS own_time_before,
    sumMapIf(Self, NOT is_before) AS own_time_during
SELECT
    max(Node) AS node,
    max(Zone) AS zone,
    Service AS service,
    Instance AS instance,
    sumIf(Calls, is_before) AS calls_before,
    sumIf(Calls, NOT is_before) AS calls_during,
    sumIf(OwnErrors, is_before) AS own_errors_before,
    sumIf(OwnErrors, NOT is_before) AS own_errors_during,
    round(arraySum((bucket, n) -> exp2((bucket + 0.5) / 8) * n, mapKeys(own_time_before), mapValues(own_time_before)) / nullIf(arraySum(mapValues(own_time_before)), 0) / 1000, 2) AS own_time_mean_ms_before,
    round(arraySum((bucket, n) -> exp2((bucket + 0.5) / 8) * n, mapKeys(own_time_during), mapValues(own_time_during)) / nullIf(arraySum(mapValues(own_time_during)), 0) / 1000, 2) AS own_time_mean_ms_during,
    max(LastSeen) AS last_span
FROM operation_windows
WHERE Tenant = 'acme' AND Environment = 'prod'
    AND (WindowStart >= toDateTime('1970-01-01 00:00:00', 'UTC') AND WindowStart < toDateTime('1970-01-01 00:10:00', 'UTC') OR WindowStart >= toDateTime('1970-01-01 00:11:00', 'UTC') AND WindowStart < toDateTime('1970-01-01 00:15:00', 'UTC'))
    AND Service GLOBAL IN (SELECT Service FROM presence WHERE Tenant = 'acme' AND Environment = 'prod' AND Day >= toDate(toDateTime('1970-01-01 00:00:00', 'UTC'), 'UTC') AND (Node = 'n1' OR Zone = 'n1'))
    AND Kind NOT IN ('client', 'producer')
GROUP BY service, instance
ORDER BY node = 'n1' OR zone = 'n1' DESC, service, instance
LIMIT 1000
