import { accessSync, constants, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { setAsideDamagedDefinitions } from './damage/metadata.ts';
import { isHeld } from './folder-holder.ts';
import { storeError } from './translate-error.ts';

type ClientOptions = NonNullable<Parameters<typeof createClient>[0]>;

/** Loaded only when used: it is 300 MB of native code that a server installation does not need. */
const loadEngine = () => import('chdb/connection');

/**
 * Prepares the embedded engine on a folder, which is created when missing. Returns the function that opens a
 * connection. There is one engine per process, bound to one folder until its last connection closes; it locks the
 * folder against other processes. Rejects with STORE_FOLDER_UNUSABLE or STORE_ENGINE_MISSING. Opening a connection
 * throws STORE_FOLDER_LOCKED, or STORE_UNREADABLE (transient) when the engine cannot open the folder for another reason.
 */
export async function openEmbedded(folder: string, load = loadEngine): Promise<() => ClickHouseClient> {
  const path = resolve(folder);
  try {
    mkdirSync(path, { recursive: true });
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw storeError('STORE_FOLDER_UNUSABLE', 'permanent', ` Folder: ${path}.`, error);
  }
  const { createChdbConnection } = await load().catch((error) => {
    throw storeError('STORE_ENGINE_MISSING', 'permanent', ` (${(error as Error).message})`, error);
  });
  const connect = () => {
    // The same interface, declared in two copies of one package.
    const connection = createChdbConnection({ path }) as unknown as NonNullable<ClientOptions['connection']>;
    return createClient({ connection: counted(connection, path), log: { level: ClickHouseLogLevel.OFF } });
  };
  return () => {
    try {
      return connect();
    } catch (error) {
      return connectAfterRepair(path, connect, error);
    }
  };
}

/** The engine does not say why it cannot open its folder. So what can be repaired is looked for. */
function connectAfterRepair(path: string, connect: () => ClickHouseClient, error: unknown): ClickHouseClient {
  const isElsewhere = open.connections > 0 && open.path !== path;
  if (isElsewhere || isHeld(path)) throw storeError('STORE_FOLDER_LOCKED', 'permanent', ` Folder: ${path}.`, error);
  if (setAsideDamagedDefinitions(path).length === 0)
    throw storeError('STORE_UNREADABLE', 'transient', ` Folder: ${path}.`, error);
  try {
    return connect();
  } catch (again) {
    throw storeError('STORE_UNREADABLE', 'transient', ` Folder: ${path}.`, again);
  }
}

/** The connections of this process. The engine itself allows only one folder at a time. */
const open = { path: '', connections: 0 };

function counted(
  connection: NonNullable<ClientOptions['connection']>,
  path: string,
): NonNullable<ClientOptions['connection']> {
  open.path = path;
  open.connections += 1;
  const close = connection.close.bind(connection);
  connection.close = async () => {
    open.connections -= 1;
    await close();
  };
  return connection;
}
