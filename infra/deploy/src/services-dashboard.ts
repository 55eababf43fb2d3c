/** Grafana's dashboard over the windows and incidents in ClickHouse. */
import { type Dashboard, DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { choose, inScope, series, table } from './panels.ts';

const inWindow = `${inScope} AND $__timeFilter(WindowStart)`;
/** The middle of a duration bucket in ms: libs/model/src/histogram.ts. */
const bucketMs = 'pow(2, (bucket + 0.5) / 8) / 1000';

/** The top services in the selected time, so that the dashboard works for a system of a thousand services. */
const busiest = (what: string) =>
  `Service IN (SELECT Service FROM operation_windows WHERE ${inWindow} GROUP BY Service ORDER BY ${what} DESC LIMIT 10)`;

const callsPerSecond = `SELECT $__timeInterval(WindowStart) AS time, Service, sum(Calls) / $__interval_s AS calls
FROM operation_windows
WHERE ${inWindow} AND ${busiest('sum(Calls)')}
GROUP BY time, Service
ORDER BY time`;

const errorShare = `SELECT $__timeInterval(WindowStart) AS time, Service, sum(Errors) / sum(Calls) AS errors
FROM operation_windows
WHERE ${inWindow} AND ${busiest('sum(Errors) / sum(Calls)')}
GROUP BY time, Service
ORDER BY time`;

const duration = `SELECT $__timeInterval(WindowStart) AS time, Service, quantileExactWeighted(0.95)(${bucketMs}, calls) AS p95
FROM operation_windows
ARRAY JOIN mapKeys(Duration) AS bucket, mapValues(Duration) AS calls
WHERE ${inWindow} AND ${busiest('sum(Calls)')}
GROUP BY time, Service
ORDER BY time`;

const alertsReceived = `SELECT $__timeInterval(ReceivedAt) AS time, Source, count() AS alerts
FROM alerts
WHERE ${inScope} AND $__timeFilter(ReceivedAt)
GROUP BY time, Source
ORDER BY time`;

const incidents = `SELECT IncidentId AS id, max(DetectedAt) AS detected, argMax(Status, Revision) AS status, argMax(Severity, Revision) AS severity,
  argMax(Title, Revision) AS title, argMax(CauseService, Revision) AS cause, argMax(CauseKind, Revision) AS kind,
  argMax(AlertCount, Revision) AS alerts, max(Revision) AS revision
FROM incidents
WHERE ${inScope} AND $__timeFilter(DetectedAt)
GROUP BY id
ORDER BY detected DESC
LIMIT 100`;

const edges = `SELECT Caller AS caller, Callee AS callee, sum(Calls) AS calls, sum(Errors) AS errors, sum(Errors) / sum(Calls) AS share
FROM edge_windows
WHERE ${inWindow}
GROUP BY caller, callee
ORDER BY share DESC, calls DESC
LIMIT 50`;

const freshness = `SELECT Service AS service, max(LastSpan) AS lastSpan, max(LastMetric) AS lastMetric, max(LastLog) AS lastLog
FROM presence
WHERE ${inScope} AND Day >= toDate($__fromTime)
GROUP BY service
ORDER BY greatest(lastSpan, lastMetric, lastLog)
LIMIT 100`;

export function buildServices(): Dashboard {
  return new DashboardBuilder('Faultline')
    .uid('faultline')
    .tags(['faultline'])
    .time({ from: 'now-1h', to: 'now' })
    .refresh('30s')
    .withVariable(choose('tenant', 'Tenant', ''))
    .withVariable(choose('environment', 'Environment', " AND Tenant = '$tenant'"))
    .withPanel(table('Incidents', incidents))
    .withPanel(series('Calls of the busiest services', 'reqps', callsPerSecond))
    .withPanel(series('Share of calls that fail, worst services', 'percentunit', errorShare))
    .withPanel(series('Duration, 95th percentile', 'ms', duration))
    .withPanel(series('Alerts received', 'short', alertsReceived))
    .withPanel(table('Calls between services, those that fail most first', edges))
    .withPanel(table('Last sign of life, the longest silent first', freshness))
    .build();
}
