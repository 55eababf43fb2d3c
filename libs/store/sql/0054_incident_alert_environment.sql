-- The environment that the alert itself names. `Environment` is that of its incident.
ALTER TABLE incident_alerts ADD COLUMN IF NOT EXISTS NamedEnvironment LowCardinality(String)
