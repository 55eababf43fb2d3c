/**
 * The engine behind the store: `@clickhouse/client` over the embedded engine or over HTTP. It knows statements, not
 * tables. Settings are part of the statement (`SETTINGS ...`). If they were passed to the client, the embedded
 * connection would turn them into `SET`, which lasts beyond the call. One insert's deduplication token would then
 * silently drop the next insert.
 */
import { Readable } from 'node:stream';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { Clock } from '@faultline/runtime';
import { type BlockFolder, selectBlock } from './block-folder.ts';
import { inlineParams } from './inline-params.ts';
import { createResourcePool } from './resource-pool.ts';
import { storeError, translateError } from './translate-error.ts';

/** A statement with `{name:Type}` parameters. */
export interface Statement {
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** When the result is needed, epoch ms. Waiting statements run in this order. Undefined: before all others. */
  readonly deadlineMs?: number;
}

/** A block in ClickHouse's Native format. */
export interface NativeBlock {
  readonly bytes: Uint8Array;
  /** Its columns and their types. */
  readonly structure: string;
}

export interface Engine {
  /** Runs a SELECT and returns its rows as objects. 64-bit numbers come as numbers. */
  select<Row>(statement: Statement): Promise<readonly Row[]>;
  /** Runs `INSERT ... FORMAT x` with its body. Resolves when it is written. */
  insert(sql: string, body: string): Promise<void>;
  /** Runs `INSERT INTO ... SETTINGS ...`, which ends before its data, with one block. Resolves when it is written. */
  insertBlock(into: string, block: NativeBlock): Promise<void>;
  /** Runs DDL. */
  command(sql: string): Promise<void>;
  ping(): Promise<boolean>;
  /** Waits for running calls, then closes. Later calls fail with STORE_CLOSED. */
  close(): Promise<void>;
}

export interface EngineOptions {
  /**
   * Opens a connection. An embedded connection runs one statement at a time, so each resource of the pool is a
   * connection of its own.
   */
  readonly openReader: () => ClickHouseClient;
  readonly openWriter: () => ClickHouseClient;
  readonly readers: number;
  readonly writers: number;
  /** Timeouts of calls; a server that is cut off never responds. Undefined: the engine is in this process. */
  readonly timeouts?: Timeouts;
  /** Whether the connection binds the parameters of a SELECT (default) or they are inlined in its text. */
  readonly params?: 'bound' | 'inlined';
  /**
   * Folder for blocks on their way into the embedded engine, which cannot take bytes in a statement. Undefined: they go
   * with the statement.
   */
  readonly blocks?: BlockFolder;
  /** With a clock, a query whose turn comes after its deadline is refused with STORE_UNAVAILABLE instead of run. */
  readonly clock?: Clock;
}

/** Milliseconds. */
export interface Timeouts {
  readonly selectMs: number;
  readonly writeMs: number;
}

/** Opens the connections. When one fails, closes the others and throws its error. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const clients: ClickHouseClient[] = [];
  const open = (count: number, one: () => ClickHouseClient) =>
    Array.from({ length: count }, () => {
      const client = one();
      clients.push(client);
      return client;
    });
  const closeAll = async () => {
    for (const client of new Set(clients)) await client.close();
  };
  try {
    const writers = createResourcePool(open(options.writers, options.openWriter));
    const readers = createResourcePool(open(options.readers, options.openReader));
    const { timeouts = null, clock = () => 0, params = 'bound', blocks = null } = options;
    return engineOver(readers, writers, { closeAll, timeouts, clock, params, blocks });
  } catch (error) {
    await closeAll();
    throw error;
  }
}

type ResourcePool = ReturnType<typeof createResourcePool<ClickHouseClient>>;

interface EngineParts {
  readonly closeAll: () => Promise<void>;
  readonly timeouts: Timeouts | null;
  readonly clock: Clock;
  readonly params: 'bound' | 'inlined';
  readonly blocks: BlockFolder | null;
}

function engineOver(
  readers: ResourcePool,
  writers: ResourcePool,
  { closeAll, timeouts, clock, params: mode, blocks }: EngineParts,
): Engine {
  const within = (ms: number | undefined) => (ms === undefined ? {} : { abort_signal: AbortSignal.timeout(ms) });
  let closing: Promise<void> | null = null;
  const call = async <Value>(
    pool: ResourcePool,
    work: (client: ClickHouseClient) => Promise<Value>,
    deadlineMs?: number,
  ): Promise<Value> => {
    if (closing !== null) throw storeError('STORE_CLOSED', 'transient');
    try {
      return await pool.run(work, deadlineMs);
    } catch (error) {
      throw translateError(error);
    }
  };
  return {
    select: <Row>({ sql, params, deadlineMs }: Statement) => {
      const run = async (client: ClickHouseClient) => {
        if (deadlineMs !== undefined && deadlineMs < clock())
          throw storeError(
            'STORE_UNAVAILABLE',
            'transient',
            ' The query waited for a connection until its deadline had passed.',
          );
        const limit = within(timeouts?.selectMs);
        const query =
          mode === 'inlined' ? { query: inlineParams(sql, params) } : { query: sql, query_params: { ...params } };
        const result = await client.query({ ...query, format: 'JSONEachRow', ...limit });
        return result.json<Row>();
      };
      return call(readers, run, deadlineMs);
    },
    insert: (sql, body) =>
      call(writers, (client) => runInsert(client, { query: sql, ...within(timeouts?.writeMs) }, body)),
    insertBlock: (into, block) =>
      call(writers, (client) =>
        blocks === null
          ? runInsert(client, { query: `${into} FORMAT Native`, ...within(timeouts?.writeMs) }, block.bytes)
          : blocks.hold(block.bytes, async (path) => {
              await client.command({ query: `${into}${selectBlock(path, block.structure)}` });
            }),
      ),
    command: (sql) =>
      call(writers, async (client) => void (await client.command({ query: sql, ...within(timeouts?.writeMs) }))),
    ping: () => call(readers, async (client) => (await client.ping()).success),
    close: () => {
      closing ??= Promise.all([readers.idle(), writers.idle()]).then(closeAll);
      return closing;
    },
  };
}

async function runInsert(
  client: ClickHouseClient,
  insert: { query: string; abort_signal?: AbortSignal },
  body: string | Uint8Array,
): Promise<void> {
  const { stream } = await client.exec({ ...insert, values: Readable.from([body], { objectMode: false }) });
  // The response is empty, but a server keeps the socket busy until it is read.
  for await (const _chunk of stream);
}

/** Creates the client of a server. All resources of the pool share it, because it has its own pool of sockets. */
export function serverClient(options: {
  url: string;
  database: string;
  user: string;
  password: string;
}): ClickHouseClient {
  return createClient({
    url: options.url,
    database: options.database,
    username: options.user,
    password: options.password,
    max_open_connections: 16,
    // Every failure is thrown, and the caller reports it. The client's own log lines would contain parameters.
    log: { level: ClickHouseLogLevel.OFF },
    // Must be longer than our own timeouts, which also cover connecting.
    request_timeout: 600_000,
  });
}
