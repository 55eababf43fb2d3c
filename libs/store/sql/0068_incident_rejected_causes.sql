-- Services that people refused as the cause. They count against the same service in incidents with the same alerts.
ALTER TABLE incidents ADD COLUMN IF NOT EXISTS RejectedCauses Array(String)
