import { accessSync, constants, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { storeError } from './translate-error.ts';

type ClientOptions = NonNullable<Parameters<typeof createClient>[0]>;

/** Loaded only when used: it is 300 MB of native code that a server installation does not need. */
const loadEngine = () => import('chdb/connection');

/**
 * Prepares the embedded engine on a folder, which is created when missing. Returns the function that opens a
 * connection. There is one engine per process, bound to one folder until its last connection closes; it locks the
 * folder against other processes. Rejects with STORE_FOLDER_UNUSABLE or STORE_ENGINE_MISSING. Opening a connection
 * throws STORE_FOLDER_LOCKED.
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
  return () => {
    try {
      // The same interface, declared in two copies of one package.
      const connection = createChdbConnection({ path }) as unknown as NonNullable<ClientOptions['connection']>;
      return createClient({ connection, log: { level: ClickHouseLogLevel.OFF } });
    } catch (error) {
      throw storeError('STORE_FOLDER_LOCKED', 'permanent', ` Folder: ${path}.`, error);
    }
  };
}
