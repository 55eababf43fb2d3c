-- On a cluster, the distributed table needs a key by which rows are sent to shards.
ALTER TABLE presence MODIFY COMMENT 'Written by the recorder, one row for each batch, service, instance and day'
