/** Grafana's dashboard over what watched clusters report: faults, changes, drift, and requests against use. */
import { type Dashboard, DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { choose, inScope, series, table } from './panels.ts';

/** The latest row of a fault counts. */
const openFaults = `SELECT argMax(ObjectNamespace, ObservedAt) AS namespace, argMax(ObjectKind, ObservedAt) AS kind, argMax(ObjectName, ObservedAt) AS name,
  argMax(Mechanism, ObservedAt) AS mechanism, argMax(Summary, ObservedAt) AS summary, min(Since) AS since,
  argMax(Affected, ObservedAt) AS affected, argMax(Total, ObservedAt) AS total, argMax(ChangedBy, ObservedAt) AS changedBy
FROM workload_findings
WHERE ${inScope}
GROUP BY Cluster, Id
HAVING argMax(isNull(EndedAt), ObservedAt)
ORDER BY since DESC
LIMIT 100`;

const faultsByMechanism = `SELECT $__timeInterval(Since) AS time, Mechanism AS mechanism, uniqExact(Cluster, Id) AS faults
FROM workload_findings
WHERE ${inScope} AND $__timeFilter(Since)
GROUP BY time, mechanism
ORDER BY time`;

/** Each state of a rollout is a row with the same Id. */
const changes = `SELECT max(StartedAt) AS started, argMax(ObjectNamespace, RolloutAt) AS namespace, argMax(ObjectKind, RolloutAt) AS kind,
  argMax(ObjectName, RolloutAt) AS name, argMax(Summary, RolloutAt) AS summary, argMax(Actor, RolloutAt) AS actor,
  argMax(Manager, RolloutAt) AS manager, argMax(RolloutState, RolloutAt) AS rollout
FROM changes
WHERE ${inScope} AND Cluster != '' AND $__timeFilter(StartedAt)
GROUP BY Id
ORDER BY started DESC
LIMIT 100`;

const drift = `SELECT argMax(Cluster, ObservedAt) AS cluster, argMax(Namespace, ObservedAt) AS namespace, argMax(ObjectKind, ObservedAt) AS kind,
  argMax(Name, ObservedAt) AS name, argMax(Path, ObservedAt) AS path, argMax(Against, ObservedAt) AS against,
  argMax(Reference, ObservedAt) AS reference, argMax(Risk, ObservedAt) AS risk, argMax(Actor, ObservedAt) AS actor,
  argMax(Team, ObservedAt) AS team, min(Since) AS since
FROM drift
WHERE ${inScope}
GROUP BY Id
HAVING argMax(isNull(EndedAt), ObservedAt)
ORDER BY indexOf(['high', 'medium', 'low'], risk), since
LIMIT 100`;

/** Memory counts as eight GiB to a core, which is about their proportion on common machines. */
const rightsizing = `SELECT Cluster AS cluster, Namespace AS namespace, Workload AS workload, Container AS container,
  CpuRequest AS cpuRequest, CpuLimit AS cpuLimit, CpuP95 AS cpuP95, CpuMax AS cpuMax, MemoryRequest AS memoryRequest, MemoryLimit AS memoryLimit,
  MemoryMax AS memoryMax, ThrottledShare AS throttled, OomKills AS oomKills, MeasuredHours AS hours
FROM container_rightsizing
WHERE ${inScope} AND LastHour >= now() - INTERVAL 1 DAY
ORDER BY greatest(0, CpuRequest - CpuP95) + greatest(0, MemoryRequest - MemoryMax) / 8589934592 DESC, namespace, workload, container
LIMIT 100`;

export function buildKubernetes(): Dashboard {
  return new DashboardBuilder('Faultline: Kubernetes')
    .uid('faultline-kubernetes')
    .tags(['faultline'])
    .time({ from: 'now-24h', to: 'now' })
    .refresh('1m')
    .withVariable(choose('tenant', 'Tenant', ''))
    .withVariable(choose('environment', 'Environment', " AND Tenant = '$tenant'"))
    .withPanel(table('Present faults, the newest first', openFaults))
    .withPanel(series('New faults by mechanism', 'short', faultsByMechanism))
    .withPanel(table('Changes of objects', changes))
    .withPanel(table('Drift, the highest risk first', drift))
    .withPanel(table('Requests and limits against use, the largest excess first', rightsizing))
    .build();
}
