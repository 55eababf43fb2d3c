/** Counters of the embedded engine in this process, for measuring; not for production. */
import { openEmbedded } from './embedded.ts';

/** Since the process began. */
export interface EngineCounters {
  /** Wall time of statements that wrote and that read, us. */
  readonly insertUs: number;
  readonly selectUs: number;
  readonly inserts: number;
  readonly selects: number;
  readonly insertedRows: number;
  readonly parts: number;
  readonly merges: number;
  readonly mergedRows: number;
  /** Parts that a query would read now. */
  readonly activeParts: number;
}

export interface EngineProbe {
  counters(): Promise<EngineCounters>;
  dropViews(): Promise<void>;
  /** The materialised views that an insert into a table runs, those behind other views after them. */
  viewsBehind(table: string): Promise<readonly string[]>;
  /** Detaches all views but these; null attaches all again. */
  useViews(names: readonly string[] | null): Promise<void>;
  close(): Promise<void>;
}

const events = {
  insertUs: 'InsertQueryTimeMicroseconds',
  selectUs: 'SelectQueryTimeMicroseconds',
  inserts: 'InsertQuery',
  selects: 'SelectQuery',
  insertedRows: 'InsertedRows',
  parts: 'MergeTreeDataWriterBlocks',
  merges: 'Merge',
  mergedRows: 'MergedRows',
} as const;

/** Opens one more connection to the engine that this process runs on `folder`. Close it before the store stops. */
export async function openProbe(folder: string): Promise<EngineProbe> {
  const client = (await openEmbedded(folder))();
  const rows = async <Row>(query: string): Promise<Row[]> =>
    (await client.query({ query, format: 'JSONEachRow' })).json<Row>();
  const detached = new Set<string>();
  let known: readonly View[] | null = null;
  const knownViews = async () => {
    known ??= await rows<View>(viewsSql);
    return known;
  };
  return {
    counters: async () => {
      const found = await rows<{ event: string; value: string }>('SELECT event, value FROM system.events');
      const values = new Map(found.map(({ event, value }) => [event, Number(value)]));
      const [parts] = await rows<{ parts: string }>('SELECT count() AS parts FROM system.parts WHERE active');
      const counts = Object.entries(events).map(([name, event]) => [name, values.get(event) ?? 0]);
      return {
        ...(Object.fromEntries(counts) as Omit<EngineCounters, 'activeParts'>),
        activeParts: Number(parts?.parts),
      };
    },
    dropViews: async () => {
      const views = await rows<{ name: string }>("SELECT name FROM system.tables WHERE engine = 'MaterializedView'");
      for (const { name } of views) await client.command({ query: `DROP VIEW ${name}` });
    },
    viewsBehind: async (table) => behind(await knownViews(), table),
    useViews: async (names) => {
      for (const { name } of await knownViews()) {
        const isWanted = names === null || names.includes(name);
        if (isWanted === detached.has(name))
          await client.command({ query: `${isWanted ? 'ATTACH' : 'DETACH'} TABLE ${name}` });
        if (isWanted) detached.delete(name);
        else detached.add(name);
      }
    },
    close: () => client.close(),
  };
}

interface View {
  readonly name: string;
  /** The statement that creates it. */
  readonly sql: string;
}

const viewsSql = `SELECT name, create_table_query AS sql FROM system.tables
WHERE database = currentDatabase() AND engine = 'MaterializedView' ORDER BY name`;

function behind(views: readonly View[], table: string): readonly string[] {
  const own = views.filter(({ sql }) => new RegExp(`FROM (\\w+\\.)?${table}\\b`).test(sql));
  return own.flatMap(({ name, sql }) => {
    const target = / TO (?:\w+\.)?(\w+)/.exec(sql)?.[1];
    return [name, ...(target === undefined ? [] : behind(views, target))];
  });
}
