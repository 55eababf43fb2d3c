-- The cluster that an instance runs in: where one service runs in several, the others are the control of a change made in one.
ALTER TABLE presence ADD COLUMN IF NOT EXISTS Cluster SimpleAggregateFunction(max, String)
