-- The recorder writes these rows now. Resource is the text of the resource: it goes into the hash and is not stored. Series stays the number that
-- the views computed, so a series goes on over an upgrade.
ALTER TABLE metric_windows ADD COLUMN IF NOT EXISTS Resource LowCardinality(String) EPHEMERAL '', MODIFY COLUMN Series UInt64 DEFAULT cityHash64(Service, Instance, Node, Metric, Unit, Shape, AttributeText, Resource)
