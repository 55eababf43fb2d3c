SELECT StartsAt AS starts_at, EndsAt AS ends_at, Name AS name, Status AS status, Severity AS severity, Summary AS summary, Url AS url
FROM alerts FINAL
WHERE Tenant = 'acme' AND Environment IN ('prod', '')
    AND StartsAt >= toDateTime('1970-01-01 00:00:00', 'UTC') AND StartsAt < toDateTime('1970-01-01 00:15:00', 'UTC')
    AND has(mapValues(Entities), 'cart')
ORDER BY starts_at
LIMIT 1000
