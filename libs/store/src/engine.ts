/**
 * The engine behind the store: `@clickhouse/client` over the embedded engine or over HTTP. It knows statements, not tables.
 *
 * Settings travel inside the statement (`SETTINGS ...`): given to the client, the embedded connection turns them into `SET`, which lasts
 * beyond the call, so that one insert's deduplication token would silently swallow the next insert.
 */
import { Readable } from 'node:stream';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { Clock } from '@faultline/runtime';
import { createLanes } from './lanes.ts';
import { storeError, translateError } from './translate-error.ts';
import { writeParams } from './written-params.ts';

/** A statement with `{name:Type}` parameters. */
export interface Statement {
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** When its rows are wanted, epoch ms: what waits for a connection is run in this order. None: before everything. */
  readonly dueMs?: number;
}

export interface Engine {
  /** Runs a SELECT and gives its rows as objects. 64-bit numbers come as numbers. */
  select<Row>(statement: Statement): Promise<readonly Row[]>;
  /** Runs `INSERT ... FORMAT x` with its body. Resolves when it is written. */
  insert(sql: string, body: string): Promise<void>;
  /** Runs DDL. */
  command(sql: string): Promise<void>;
  ping(): Promise<boolean>;
  /** Waits for what runs, then closes. Calls after it fail with STORE_CLOSED. */
  close(): Promise<void>;
}

export interface EngineOptions {
  /** A connection runs one statement at a time in the embedded engine, so each lane there is a connection of its own. */
  readonly openReader: () => ClickHouseClient;
  readonly openWriter: () => ClickHouseClient;
  readonly readers: number;
  readonly writers: number;
  /** After so long a call counts as unanswered; a server that is cut off says nothing at all. None: the engine is in this process. */
  readonly patience?: Patience;
  /** How parameters of a SELECT travel: bound by the connection, the default, or written into its text. */
  readonly params?: 'bound' | 'written';
  /** With it, a query whose turn comes only after it was due is not run but refused (STORE_UNAVAILABLE). */
  readonly clock?: Clock;
}

/** Milliseconds. */
export interface Patience {
  readonly selectMs: number;
  readonly writeMs: number;
}

/** Opens the lanes. Throws what opening throws, closing what was open. */
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
    const writers = createLanes(open(options.writers, options.openWriter));
    const readers = createLanes(open(options.readers, options.openReader));
    const { patience = null, clock = () => 0, params = 'bound' } = options;
    return engineOver(readers, writers, { closeAll, patience, clock, params });
  } catch (error) {
    await closeAll();
    throw error;
  }
}

type Lanes = ReturnType<typeof createLanes<ClickHouseClient>>;

interface EngineParts {
  readonly closeAll: () => Promise<void>;
  readonly patience: Patience | null;
  readonly clock: Clock;
  readonly params: 'bound' | 'written';
}

function engineOver(
  readers: Lanes,
  writers: Lanes,
  { closeAll, patience, clock, params: travel }: EngineParts,
): Engine {
  const within = (ms: number | undefined) => (ms === undefined ? {} : { abort_signal: AbortSignal.timeout(ms) });
  let closing: Promise<void> | null = null;
  const call = async <Value>(
    lanes: Lanes,
    work: (client: ClickHouseClient) => Promise<Value>,
    dueMs?: number,
  ): Promise<Value> => {
    if (closing !== null) throw storeError('STORE_CLOSED', 'transient');
    try {
      return await lanes.run(work, dueMs);
    } catch (error) {
      throw translateError(error);
    }
  };
  return {
    select: <Row>({ sql, params, dueMs }: Statement) => {
      const ask = async (client: ClickHouseClient) => {
        if (dueMs !== undefined && dueMs < clock())
          throw storeError(
            'STORE_UNAVAILABLE',
            'transient',
            ' The query waited for its turn until it was no longer wanted.',
          );
        const limit = within(patience?.selectMs);
        const query =
          travel === 'written' ? { query: writeParams(sql, params) } : { query: sql, query_params: { ...params } };
        const result = await client.query({ ...query, format: 'JSONEachRow', ...limit });
        return result.json<Row>();
      };
      return call(readers, ask, dueMs);
    },
    insert: (sql, body) =>
      call(writers, (client) => runInsert(client, { query: sql, ...within(patience?.writeMs) }, body)),
    command: (sql) =>
      call(writers, async (client) => void (await client.command({ query: sql, ...within(patience?.writeMs) }))),
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
  body: string,
): Promise<void> {
  const { stream } = await client.exec({ ...insert, values: Readable.from([body]) });
  // The answer is empty, but a server holds the socket until it is read.
  for await (const _chunk of stream);
}

/** A client for a server. One serves all lanes: its own pool has the sockets. */
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
    // Every failure is thrown and told by who asked; the client's own lines would hold parameters.
    log: { level: ClickHouseLogLevel.OFF },
    // The engine's own patience is shorter and also covers a connection that never comes about.
    request_timeout: 600_000,
  });
}
