-- The environment as senders wrote it, before it was folded to one name.
ALTER TABLE presence ADD COLUMN IF NOT EXISTS EnvironmentNames SimpleAggregateFunction(groupUniqArrayArray, Array(String))
