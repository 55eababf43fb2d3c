/**
 * How long tables keep their rows. Applied at every start, because the days are configured while migrations never
 * change.
 */
import type { StoreConfig } from './config.ts';
import type { Engine } from './engine.ts';
import { type Layout, singleLayout } from './layout/layout.ts';

const rawTimes = {
  otel_traces: 'Timestamp',
  otel_logs: 'Timestamp',
  otel_metrics_gauge: 'TimeUnix',
  otel_metrics_sum: 'TimeUnix',
  otel_metrics_histogram: 'TimeUnix',
  otel_metrics_exponential_histogram: 'TimeUnix',
  otel_metrics_summary: 'TimeUnix',
} as const;
const windowTimes = {
  operation_windows: 'WindowStart',
  operation_periods: 'WindowStart',
  edge_windows: 'WindowStart',
  edge_periods: 'WindowStart',
  template_windows: 'WindowStart',
  child_windows: 'WindowStart',
  metric_windows: 'WindowStart',
  metric_periods: 'WindowStart',
  container_usage: 'Hour',
  presence: 'Day',
} as const;

/** Tables with a partition per day, and tables with a partition per week. */
export const rawTables: ReadonlySet<string> = new Set(Object.keys(rawTimes));
export const windowTables: ReadonlySet<string> = new Set(Object.keys(windowTimes));

/** The TTL expression of each table. History tables have none. */
export function retentionRules(
  config: Pick<StoreConfig, 'rawDays' | 'windowDays'>,
): readonly { table: string; ttl: string }[] {
  const rule =
    (days: number) =>
    ([table, column]: [string, string]) => ({
      table,
      ttl: `toDateTime(${column}) + toIntervalDay(${days})`,
    });
  return [
    ...Object.entries(rawTimes).map(rule(config.rawDays)),
    ...Object.entries(windowTimes).map(rule(config.windowDays)),
  ];
}

/** Alters the tables whose TTL differs. Nothing is rewritten: whole parts are dropped when they expire. */
export async function applyRetention(
  engine: Engine,
  config: StoreConfig,
  layout: Layout = singleLayout,
): Promise<void> {
  const tables = await engine.select<{ name: string; ddl: string }>({
    sql: 'SELECT name, create_table_query AS ddl FROM system.tables WHERE database = currentDatabase()',
    params: {},
  });
  const ddlOf = new Map(tables.map(({ name, ddl }) => [name, ddl]));
  for (const { table, ttl } of retentionRules(config)) {
    const storage = layout.storage(table);
    if (ddlOf.get(storage)?.includes(`TTL ${ttl}`) !== true)
      await engine.command(
        `ALTER TABLE ${storage}${layout.onCluster} MODIFY TTL ${ttl} SETTINGS materialize_ttl_after_modify = 0`,
      );
  }
}
