/** A ClickHouse server over HTTP, from the library that the embedded store loads. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ClickHouseUser, type ClusterPlace, configXml, serveQuery, usersXml } from './clickhouse-settings.ts';
import { openFolder } from './folder.ts';
import { clickhouseLibrary } from './install.ts';
import { freePort } from './ports.ts';
import { createServerProcess, type ServerProcess } from './server-process.ts';

export interface ClickHouseOptions {
  /** Kept after the stop. Default: a temporary folder that `remove` deletes. */
  readonly folder?: string;
  readonly port?: number;
  /** Users beside `default`, which has no password. */
  readonly users?: readonly ClickHouseUser[];
  /** Default: a single server. */
  readonly place?: ClusterPlace;
}

/** `start` after `stop` or `kill` restarts it with its data and its port. */
export interface ClickHouse extends ServerProcess {
  readonly url: string;
  /** Stops it and deletes a temporary folder. */
  remove(): Promise<void>;
}

const startTimeoutMs = 30_000;

/** Resolves when it answers. */
export async function startClickHouse(options: ClickHouseOptions = {}): Promise<ClickHouse> {
  const { folder, port, users = [], place = null } = options;
  const opened = openFolder('clickhouse', folder);
  const httpPort = port ?? (await freePort());
  const url = `http://127.0.0.1:${httpPort}`;
  writeFileSync(join(opened.path, 'config.xml'), configXml(place));
  writeFileSync(join(opened.path, 'users.xml'), usersXml(users));
  const server = createServerProcess({
    name: 'ClickHouse',
    command: 'python3',
    args: [...clickhouseArgs(opened.path, httpPort), '--query', serveQuery(place)],
    logFile: join(opened.path, 'server.log'),
    isReady: async () => (await fetch(`${url}/ping`)).ok,
    startTimeoutMs,
  });
  const remove = async () => {
    await server.stop();
    opened.remove();
  };
  await server.start().catch(async (error) => {
    await remove();
    throw error;
  });
  return { ...server, url, remove };
}

function clickhouseArgs(folder: string, port: number): string[] {
  const files = ['--config-file', join(folder, 'config.xml'), '--path', join(folder, 'data')];
  const address = ['--listen_host', '127.0.0.1', '--http_port', String(port)];
  return [join(import.meta.dirname, 'clickhouse.py'), clickhouseLibrary(), ...files, ...address];
}
