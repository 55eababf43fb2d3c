-- Requests and limits beside the use of the last 14 days, one row for each container of a workload, for Grafana. Cores and bytes for each pod;
-- 0 where nothing is known. CpuP95 is the upper bound of a bucket, so it is up to 5 % too high. Recommendations are made by the query API.
CREATE VIEW IF NOT EXISTS container_rightsizing AS
SELECT
    podTenant AS Tenant,
    podEnvironment AS Environment,
    podCluster AS Cluster,
    podNamespace AS Namespace,
    podWorkload AS Workload,
    podContainer AS Container,
    least(max(podCpuMax), 0.001 * pow(1.05, quantileExactWeightedArray(0.95)(mapKeys(podCpu), mapValues(podCpu)))) AS CpuP95,
    max(podCpuMax) AS CpuMax,
    max(podCpuRequest).2 AS CpuRequest,
    max(podCpuLimit).2 AS CpuLimit,
    max(podMemoryMax) AS MemoryMax,
    max(podMemoryRequest).2 AS MemoryRequest,
    max(podMemoryLimit).2 AS MemoryLimit,
    if(sum(podPeriods) = 0, 0, sum(podThrottled) / sum(podPeriods)) AS ThrottledShare,
    sum(podOomKills) AS OomKills,
    length(groupUniqArrayArray(podHours)) AS MeasuredHours,
    max(lastHour) AS LastHour
FROM
(
    SELECT
        container_usage.Tenant AS podTenant,
        container_usage.Environment AS podEnvironment,
        container_usage.Cluster AS podCluster,
        container_usage.Namespace AS podNamespace,
        container_usage.Workload AS podWorkload,
        container_usage.Container AS podContainer,
        container_usage.Pod AS pod,
        sumMap(container_usage.Cpu) AS podCpu,
        max(container_usage.CpuMax) AS podCpuMax,
        max(container_usage.MemoryMax) AS podMemoryMax,
        groupUniqArrayIf(container_usage.Hour, notEmpty(container_usage.Cpu)) AS podHours,
        max(container_usage.Hour) AS lastHour,
        sum(container_usage.ThrottledPeriods) AS podThrottled,
        sum(container_usage.Periods) AS podPeriods,
        greatest(sum(container_usage.OomEvents), if(max(container_usage.OomKilled) = 1, sum(container_usage.Restarts), 0)) AS podOomKills,
        maxIf((container_usage.Hour, container_usage.CpuRequest), container_usage.CpuRequest > 0) AS podCpuRequest,
        maxIf((container_usage.Hour, container_usage.CpuLimit), container_usage.CpuLimit > 0) AS podCpuLimit,
        maxIf((container_usage.Hour, container_usage.MemoryRequest), container_usage.MemoryRequest > 0) AS podMemoryRequest,
        maxIf((container_usage.Hour, container_usage.MemoryLimit), container_usage.MemoryLimit > 0) AS podMemoryLimit
    FROM container_usage
    WHERE container_usage.Hour >= now() - INTERVAL 14 DAY
    GROUP BY podTenant, podEnvironment, podCluster, podNamespace, podWorkload, podContainer, pod
)
GROUP BY podTenant, podEnvironment, podCluster, podNamespace, podWorkload, podContainer
