/**
 * Grafana's dashboard over the windows and incidents in ClickHouse. `node infra/deploy/src/dashboard.ts` writes it, and
 * a test runs its queries.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { type Dashboard, DashboardBuilder, QueryVariableBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

export const dashboardFile = join(import.meta.dirname, '../../grafana/dashboards/faultline.json');

/** The name from the provisioning file. */
const datasource = { type: 'grafana-clickhouse-datasource', uid: 'faultline-clickhouse' };

/** A query in the format of the ClickHouse plugin. `format` selects how its rows are read. */
export interface ClickHouseQuery extends Dataquery {
  readonly refId: string;
  readonly datasource: typeof datasource;
  readonly editorType: 'sql';
  readonly queryType: 'timeseries' | 'table';
  readonly format: 0 | 1;
  readonly rawSql: string;
}

function query(queryType: ClickHouseQuery['queryType'], rawSql: string): Builder<ClickHouseQuery> {
  const format = queryType === 'timeseries' ? 0 : 1;
  const built = {
    refId: 'A',
    datasource,
    editorType: 'sql',
    queryType,
    format,
    rawSql,
    _implementsDataqueryVariant() {},
  };
  return { build: () => built as ClickHouseQuery };
}

const inScope = "Tenant = '$tenant' AND Environment = '$environment'";
const inWindow = `${inScope} AND $__timeFilter(WindowStart)`;
/** The middle of a duration bucket in ms: libs/model/src/histogram.ts. */
const bucketMs = 'pow(2, (bucket + 0.5) / 8) / 1000';

const width = 12;
const height = 8;

function series(title: string, unit: string, rawSql: string): TimeSeriesBuilder {
  return new TimeSeriesBuilder()
    .title(title)
    .unit(unit)
    .min(0)
    .span(width)
    .height(height)
    .datasource(datasource)
    .withTarget(query('timeseries', rawSql));
}

function table(title: string, rawSql: string): TableBuilder {
  return new TableBuilder()
    .title(title)
    .span(2 * width)
    .height(height)
    .datasource(datasource)
    .withTarget(query('table', rawSql));
}

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

/** Memory counts as eight GiB to a core, which is about their proportion on common machines. */
const rightsizing = `SELECT Cluster AS cluster, Namespace AS namespace, Workload AS workload, Container AS container,
  CpuRequest AS cpuRequest, CpuLimit AS cpuLimit, CpuP95 AS cpuP95, CpuMax AS cpuMax, MemoryRequest AS memoryRequest, MemoryLimit AS memoryLimit,
  MemoryMax AS memoryMax, ThrottledShare AS throttled, OomKills AS oomKills, MeasuredHours AS hours
FROM container_rightsizing
WHERE ${inScope} AND LastHour >= now() - INTERVAL 1 DAY
ORDER BY greatest(0, CpuRequest - CpuP95) + greatest(0, MemoryRequest - MemoryMax) / 8589934592 DESC, namespace, workload, container
LIMIT 100`;

const choose = (name: string, column: string, where: string) =>
  new QueryVariableBuilder(name)
    .label(column)
    .datasource(datasource)
    .query(`SELECT DISTINCT ${column} FROM presence WHERE Day >= today() - 7${where} ORDER BY ${column}`);

export function buildDashboard(): Dashboard {
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
    .withPanel(table('Requests and limits against use, the largest excess first', rightsizing))
    .build();
}

/** The text in the repository. */
export function dashboardText(): string {
  return `${JSON.stringify(buildDashboard(), null, 2)}\n`;
}

if (import.meta.main) writeFileSync(dashboardFile, dashboardText());
