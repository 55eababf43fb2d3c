-- All environments of an incident. `Environment` holds the one of an incident that has one, and is empty otherwise.
ALTER TABLE incidents ADD COLUMN IF NOT EXISTS Environments Array(LowCardinality(String))
