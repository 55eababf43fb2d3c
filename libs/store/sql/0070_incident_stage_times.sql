-- The team that owns the likely cause, and when each stage was reached, ms since 1970 by its name. A stage that was not reached is left out.
ALTER TABLE incidents ADD COLUMN IF NOT EXISTS Team LowCardinality(String), ADD COLUMN IF NOT EXISTS StageTimes Map(LowCardinality(String), Int64)
