-- The namespace of Kubernetes that an instance runs in: an alert that names no environment may name a namespace.
ALTER TABLE presence ADD COLUMN IF NOT EXISTS Namespace SimpleAggregateFunction(max, String)
