/**
 * Counters of the embedded engine, over a connection of its own to the store that this process has open. For measuring;
 * not for production.
 */
import { openEmbedded } from './embedded.ts';
import { openEngine } from './engine.ts';

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

/** `folder`: that of the open store. */
export async function openProbe(folder: string): Promise<EngineProbe> {
  const connect = await openEmbedded(folder);
  const engine = await openEngine({ openReader: connect, openWriter: connect, readers: 1, writers: 1 });
  const rows = <Row>(sql: string) => engine.select<Row>({ sql, params: {} });
  return {
    counters: async () => {
      const found = await rows<{ event: string; value: number }>('SELECT event, value FROM system.events');
      const values = new Map(found.map(({ event, value }) => [event, Number(value)]));
      const [parts] = await rows<{ parts: number }>('SELECT count() AS parts FROM system.parts WHERE active');
      const counts = Object.entries(events).map(([name, event]) => [name, values.get(event) ?? 0]);
      return {
        ...(Object.fromEntries(counts) as Omit<EngineCounters, 'activeParts'>),
        activeParts: Number(parts?.parts ?? 0),
      };
    },
    dropViews: async () => {
      const views = await rows<{ name: string }>("SELECT name FROM system.tables WHERE engine = 'MaterializedView'");
      for (const { name } of views) await engine.command(`DROP VIEW ${name}`);
    },
    close: () => engine.close(),
  };
}
