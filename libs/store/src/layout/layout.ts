/**
 * The layout of the tables of sql/. On one server they are created as written. On a cluster each is a replicated table
 * on every shard, with a distributed table of the plain name in front. Pure; docs/adr/0013-cluster-store.md gives the
 * reasons.
 */
import type { StoreConfig } from '../config.ts';
import { clusterStatements } from './cluster.ts';

type Settings = Readonly<Record<string, string | number>>;

export interface Layout {
  /** Translates a file of sql/ into statements, in order. */
  statements(sql: string): readonly string[];
  /** The table that holds the rows of `table` on each server. */
  storage(table: string): string;
  /** Text behind the name of a table in ALTER TABLE. */
  readonly onCluster: string;
  /** Additional settings of each insert and of each query. */
  readonly insertSettings: Settings;
  readonly selectSettings: Settings;
}

/** One server: everything as written. */
export const singleLayout: Layout = {
  statements: (sql) => [sql],
  storage: (table) => table,
  onCluster: '',
  insertSettings: {},
  selectSettings: {},
};

/**
 * One thread per query. Queries run side by side and the process has other work to do; with more threads, a query takes
 * a third more processor time and is hardly faster (`npm run bench -- evidence`).
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
      // Resolves only when every shard has its rows. A repeat with the same token reaches the same shards.
      distributed_foreground_insert: 1,
      ...(cluster.acknowledge === 'majority' ? { insert_quorum: "'auto'" } : {}),
    },
    // A subquery behind IN runs once over all shards, not once per shard.
    selectSettings: { distributed_product_mode: "'global'" },
  };
}

/** Formats settings for the end of a `SETTINGS` clause that has others before. */
export function furtherSettings(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `, ${name} = ${value}`)
    .join('');
}
