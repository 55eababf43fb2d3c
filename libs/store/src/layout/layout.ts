/**
 * How the tables of sql/ lie on servers: as they are on one server, or on a cluster, where each is a replicated table on every shard
 * with a distributed table of the plain name before it. Pure text to text: docs/adr/0013-cluster-store.md has the reasons.
 */
import type { StoreConfig } from '../config.ts';
import { clusterStatements } from './cluster.ts';

type Settings = Readonly<Record<string, string | number>>;

export interface Layout {
  /** What a file of sql/ becomes, in order. */
  statements(sql: string): readonly string[];
  /** The table that holds the rows of `table` on each server. */
  storage(table: string): string;
  /** Behind the name of a table that is altered. */
  readonly onCluster: string;
  /** Settings of each insert and of each query, besides their own. */
  readonly insertSettings: Settings;
  readonly selectSettings: Settings;
}

/** One server: everything as it is written. */
export const singleLayout: Layout = {
  statements: (sql) => [sql],
  storage: (table) => table,
  onCluster: '',
  insertSettings: {},
  selectSettings: {},
};

/**
 * Questions are asked side by side, and the process has other work for its processors: split among threads a query of this size takes a third
 * more processor time to be done hardly sooner (measured by `npm run bench -- evidence`).
 */
const embeddedLayout: Layout = { ...singleLayout, selectSettings: { max_threads: 1 } };

/** The layout that the configuration names. An embedded engine is never a cluster. */
export function layoutOf({ kind, cluster }: Pick<StoreConfig, 'kind' | 'cluster'>): Layout {
  if (kind === 'embedded') return embeddedLayout;
  if (cluster.name === '') return singleLayout;
  return {
    statements: (sql) => clusterStatements(sql, cluster),
    storage: (table) => `${table}_local`,
    onCluster: ` ON CLUSTER \`${cluster.name}\``,
    insertSettings: {
      // Success only when every shard has its rows: a repeat with the same token reaches the same shards.
      distributed_foreground_insert: 1,
      ...(cluster.acknowledge === 'majority' ? { insert_quorum: "'auto'" } : {}),
    },
    // A subquery behind IN is asked once of all shards, not by each shard of itself.
    selectSettings: { distributed_product_mode: "'global'" },
  };
}

/** As the end of a `SETTINGS` clause that has other settings before. */
export function furtherSettings(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `, ${name} = ${value}`)
    .join('');
}
