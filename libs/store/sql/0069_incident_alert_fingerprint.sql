-- Finds the incidents of one alert.
ALTER TABLE incident_alerts ADD INDEX IF NOT EXISTS idx_fingerprint Fingerprint TYPE bloom_filter(0.01) GRANULARITY 1
