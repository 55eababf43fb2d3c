-- Windows do not know it, so it is read from the spans. Senders that name no cluster write nothing here.
CREATE MATERIALIZED VIEW IF NOT EXISTS presence_clusters_view TO presence AS
SELECT
    Tenant,
    Environment,
    toDate(Timestamp, 'UTC') AS Day,
    ServiceName AS Service,
    Instance,
    max(ResourceAttributes['k8s.cluster.name']) AS Cluster
FROM otel_traces
WHERE ResourceAttributes['k8s.cluster.name'] != ''
GROUP BY Tenant, Environment, Day, Service, Instance
