/** Translates a file of sql/ into the statements that create the same thing on a cluster. */
import type { StoreClusterConfig } from '../config.ts';

/**
 * The columns that decide on which shard a row is. Windows that two writers add up are on one shard. So are the
 * versions of one history row, of which only the last counts. A table without an entry is filled by views on the shard
 * itself.
 */
export const shardedBy: Readonly<Record<string, readonly string[]>> = {
  otel_traces: ['Tenant', 'Environment', 'ServiceName'],
  otel_logs: ['Tenant', 'Environment', 'ServiceName'],
  otel_metrics_gauge: ['Tenant', 'Environment', 'ServiceName'],
  otel_metrics_sum: ['Tenant', 'Environment', 'ServiceName'],
  otel_metrics_histogram: ['Tenant', 'Environment', 'ServiceName'],
  otel_metrics_exponential_histogram: ['Tenant', 'Environment', 'ServiceName'],
  otel_metrics_summary: ['Tenant', 'Environment', 'ServiceName'],
  operation_windows: ['Tenant', 'Environment', 'Service'],
  edge_windows: ['Tenant', 'Environment', 'Caller'],
  template_windows: ['Tenant', 'Environment', 'Service'],
  child_windows: ['Tenant', 'Environment', 'Service'],
  metric_windows: ['Tenant', 'Environment', 'Service'],
  presence: ['Tenant', 'Environment', 'Service'],
  container_usage: ['Tenant', 'Environment', 'Namespace', 'Workload'],
  alerts: ['Tenant', 'Environment', 'Id'],
  changes: ['Tenant', 'Environment', 'Id'],
  workload_findings: ['Tenant', 'Environment', 'Id'],
  declared_edges: ['Tenant', 'Environment', 'Caller'],
  drift: ['Tenant', 'Environment', 'Id'],
  incidents: ['Tenant', 'Environment', 'IncidentId'],
  incident_alerts: ['Tenant', 'Environment', 'IncidentId'],
  migrations: ['Name'],
};

const column = /^(?:--.*\n)*ALTER TABLE (\w+) ADD COLUMN IF NOT EXISTS/;
/** Files whose distributed table is created anew: it gets a key for its shards, which cannot be added. */
const resharded =
  /^(?:--.*\n)*ALTER TABLE (metric_windows|presence) (?:ADD COLUMN IF NOT EXISTS Resource|MODIFY COMMENT)/;
const droppedViews = /^(?:--.*\n)*DROP VIEW IF EXISTS ([\w, ]+)/;
const index = /^(?:--.*\n)*ALTER TABLE (\w+) ADD INDEX IF NOT EXISTS/;
const table = /CREATE TABLE IF NOT EXISTS (\w+)/;
const engine = /ENGINE = (\w*)MergeTree(?:\(([^)]*)\))?/;
const view = /CREATE MATERIALIZED VIEW IF NOT EXISTS (\w+) TO (\w+) AS/;
/** It reads distributed tables, so it has all rows on every server. */
const plainView = /CREATE VIEW IF NOT EXISTS (\w+) AS/;
const source = /\bFROM (\w+)(?: AS (\w+))?/;

/** The names of the views that a file of sql/ drops. */
export function droppedBy(sql: string): readonly string[] {
  return droppedViews.exec(sql)?.[1]?.trim().split(', ') ?? [];
}

/** The statements, in order. Throws for a file that is neither a table, a column or index of one, nor a view. */
export function clusterStatements(sql: string, cluster: StoreClusterConfig): readonly string[] {
  const name = table.exec(sql)?.[1];
  if (name !== undefined) return [localTable(sql, name, cluster), distributedTable(name, cluster)];
  const dropped = droppedBy(sql);
  if (dropped.length > 0) return dropped.map((one) => `DROP VIEW IF EXISTS ${one} ${on(cluster)}`);
  const anew = resharded.exec(sql)?.[1];
  if (anew !== undefined)
    return [
      sql.replace(`TABLE ${anew}`, `TABLE ${anew}_local ${on(cluster)}`),
      `DROP TABLE IF EXISTS ${anew} ${on(cluster)} SYNC`,
      distributedTable(anew, cluster),
    ];
  const altered = column.exec(sql)?.[1];
  if (altered !== undefined)
    return [`${altered}_local`, altered].map((one) => sql.replace(`TABLE ${altered}`, `TABLE ${one} ${on(cluster)}`));
  // A distributed table holds no rows, so it has no index.
  const indexed = index.exec(sql)?.[1];
  if (indexed !== undefined) return [sql.replace(`TABLE ${indexed}`, `TABLE ${indexed}_local ${on(cluster)}`)];
  if (view.test(sql)) return [localView(sql, cluster)];
  if (plainView.test(sql)) return [sql.replace(plainView, `CREATE VIEW IF NOT EXISTS $1 ${on(cluster)} AS`)];
  throw new Error(`neither a table, a column, an index, nor a view: ${sql.slice(0, 80)}`);
}

function localTable(sql: string, name: string, cluster: StoreClusterConfig): string {
  return sql
    .replace(table, `CREATE TABLE IF NOT EXISTS ${name}_local ${on(cluster)}`)
    .replace(engine, (_text, family: string, columns: string | undefined) => {
      const parameters = [quoted(cluster.path), quoted(cluster.replica), ...(columns === undefined ? [] : [columns])];
      return `ENGINE = Replicated${family}MergeTree(${parameters.join(', ')})`;
    })
    .replace(
      'non_replicated_deduplication_window = 10000',
      // Also by time: one week, because a writer may return after a long outage and repeat its last insert.
      'replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800',
    );
}

function distributedTable(name: string, cluster: StoreClusterConfig): string {
  const columns = shardedBy[name];
  const shard = columns === undefined ? '' : `, cityHash64(${columns.join(', ')})`;
  return `CREATE TABLE IF NOT EXISTS ${name} ${on(cluster)} AS ${name}_local
ENGINE = Distributed(${quoted(cluster.name)}, currentDatabase(), ${quoted(`${name}_local`)}${shard})`;
}

/**
 * Views read local tables and write local tables, so rows are summed where they are and a repeated insert is recognised
 * there.
 */
function localView(sql: string, cluster: StoreClusterConfig): string {
  return sql
    .replace(view, `CREATE MATERIALIZED VIEW IF NOT EXISTS $1 ${on(cluster)} TO $2_local AS`)
    .replace(source, (_text, from: string, alias: string | undefined) => `FROM ${from}_local AS ${alias ?? from}`);
}

function on({ name }: StoreClusterConfig): string {
  return `ON CLUSTER \`${name}\``;
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
