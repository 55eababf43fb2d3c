SELECT StartedAt AS started_at, EndedAt AS ended_at, Kind AS kind, Summary AS summary, Actor AS actor, PreviousVersion AS previous_version, Version AS version, Url AS url
FROM changes FINAL
WHERE Tenant = 'acme' AND Environment IN ('prod', '')
    AND Id = 'c1'
LIMIT 1000
