-- Windows know neither, so they are read from the spans. Senders that name neither write nothing here.
CREATE MATERIALIZED VIEW IF NOT EXISTS presence_names_view TO presence AS
SELECT
    Tenant,
    Environment,
    toDate(Timestamp, 'UTC') AS Day,
    ServiceName AS Service,
    Instance,
    max(ResourceAttributes['k8s.namespace.name']) AS Namespace,
    groupUniqArrayArray(arrayFilter(name -> name != '', [
        if(ResourceAttributes['deployment.environment.name'] != '',
            ResourceAttributes['deployment.environment.name'],
            ResourceAttributes['deployment.environment'])])) AS EnvironmentNames
FROM otel_traces
WHERE ResourceAttributes['k8s.namespace.name'] != ''
    OR ResourceAttributes['deployment.environment.name'] != ''
    OR ResourceAttributes['deployment.environment'] != ''
GROUP BY Tenant, Environment, Day, Service, Instance
