import { accessSync, constants, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { storeError } from './translate-error.ts';

type ClientOptions = NonNullable<Parameters<typeof createClient>[0]>;

/**
 * Opens one more connection to the embedded engine on a folder, made when it is missing. The engine is one per process, bound to one
 * folder until its last connection is closed, and locks the folder against other processes.
 */
export async function openEmbedded(folder: string): Promise<() => ClickHouseClient> {
  const path = resolve(folder);
  try {
    mkdirSync(path, { recursive: true });
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw storeError('STORE_FOLDER_UNUSABLE', 'permanent', ` Folder: ${path}`, error);
  }
  // Loaded only when used: it is 300 MB of native code that a server installation need not have.
  const { createChdbConnection } = await import('chdb/connection');
  return () => {
    try {
      // The same contract, declared in two copies of one package: they differ in name only.
      const connection = createChdbConnection({ path }) as unknown as NonNullable<ClientOptions['connection']>;
      return createClient({ connection, log: { level: ClickHouseLogLevel.OFF } });
    } catch (error) {
      throw storeError('STORE_FOLDER_LOCKED', 'permanent', ` Folder: ${path}`, error);
    }
  };
}
