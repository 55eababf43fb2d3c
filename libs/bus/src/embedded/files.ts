import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { translateOpening } from './failure.ts';

/** The folder name that stands for a log in memory. */
export const memoryFolder = ':memory:';

/** The files of one log, in a folder or in memory. Names are relative, with `/`. */
export interface Files {
  /** Opens or creates a file for writing. A committed transaction is on disk. */
  openWriter(name: string, tuning: FileTuning): DatabaseSync;
  /** Opens a file for reading, beside its writer. */
  openReader(name: string): DatabaseSync;
  /** Closes a connection. In memory it does nothing, because readers and writers share one connection. */
  close(database: DatabaseSync): void;
  list(folder: string): readonly string[];
  bytes(name: string): number;
  remove(name: string): void;
  /** Renames a file. What its write-ahead log holds is dropped. */
  rename(name: string, to: string): void;
}

export interface FileTuning {
  readonly pageBytes: number;
  /** Size at which the write-ahead log is copied into the file. */
  readonly checkpointBytes: number;
}

/** FULL syncs the write-ahead log to disk at every commit, so that a power loss loses nothing acknowledged. */
function durable(database: DatabaseSync, { pageBytes, checkpointBytes }: FileTuning): DatabaseSync {
  database.exec(`PRAGMA busy_timeout = 5000; PRAGMA page_size = ${pageBytes}; PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${Math.round(checkpointBytes / pageBytes)};
    PRAGMA journal_size_limit = ${checkpointBytes}`);
  return database;
}

/** Files in a folder on disk. Errors while opening are translated to bus codes. */
export function diskFiles(folder: string): Files {
  const path = (name: string) => join(folder, name);
  return {
    openWriter: (name, tuning) =>
      translateOpening(path(name), () => {
        mkdirSync(join(path(name), '..'), { recursive: true });
        const database = new DatabaseSync(path(name));
        try {
          return durable(database, tuning);
        } catch (error) {
          database.close();
          throw error;
        }
      }),
    openReader: (name) =>
      translateOpening(path(name), () => {
        const database = new DatabaseSync(path(name), { readOnly: true });
        database.exec('PRAGMA busy_timeout = 5000');
        return database;
      }),
    close: (database) => database.close(),
    list: (name) =>
      translateOpening(path(name), () => {
        mkdirSync(path(name), { recursive: true });
        return readdirSync(path(name)).sort();
      }),
    bytes: (name) => ['', '-wal'].reduce((sum, end) => sum + (statSync(path(name + end), quiet)?.size ?? 0), 0),
    remove: (name) => {
      for (const end of ['-wal', '-shm', '']) rmSync(path(name + end), { force: true });
    },
    rename: (name, to) => {
      for (const end of ['-wal', '-shm']) rmSync(path(name + end), { force: true });
      renameSync(path(name), path(to));
    },
  };
}

const quiet = { throwIfNoEntry: false } as const;

/** Files in memory, for tests and experiments. Readers and writers share one connection per file. */
export function memoryFiles(): Files {
  const databases = new Map<string, DatabaseSync>();
  const open = (name: string): DatabaseSync => {
    const database = databases.get(name) ?? new DatabaseSync(memoryFolder);
    databases.set(name, database);
    return database;
  };
  return {
    openWriter: open,
    openReader: open,
    close: () => {},
    list: (folder) =>
      [...databases.keys()]
        .filter((name) => name.startsWith(`${folder}/`))
        .map((name) => name.slice(folder.length + 1))
        .sort(),
    bytes: () => 0,
    remove: (name) => {
      databases.get(name)?.close();
      databases.delete(name);
    },
    rename: (name) => {
      databases.get(name)?.close();
      databases.delete(name);
    },
  };
}
