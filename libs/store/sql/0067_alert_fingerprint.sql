-- Finds the transitions of one alert: people ask by fingerprint, and the table is sorted by start.
ALTER TABLE alerts ADD INDEX IF NOT EXISTS idx_fingerprint Fingerprint TYPE bloom_filter(0.01) GRANULARITY 1
