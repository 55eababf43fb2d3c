-- What kind of alert a member is.
ALTER TABLE incident_alerts ADD COLUMN IF NOT EXISTS Kind LowCardinality(String) DEFAULT 'fault'
