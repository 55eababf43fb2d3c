/** A schema registry (Apicurio) with Confluent's API. It keeps everything in memory. */
import { join } from 'node:path';
import { openFolder } from './folder.ts';
import { installJava, installRegistry } from './install.ts';
import { freePort } from './ports.ts';
import { createServerProcess, type ServerProcess } from './server-process.ts';

/** A `stop` or `kill` deletes its schemas and keeps its port. */
export interface Registry extends ServerProcess {
  /** Address of Confluent's API. */
  readonly url: string;
  /** Stops it for good. */
  remove(): Promise<void>;
}

const oldestJava = 21;
const startTimeoutMs = 90_000;

/** Resolves when it answers. */
export async function startRegistry(): Promise<Registry> {
  const [java, program] = await Promise.all([installJava(oldestJava), installRegistry()]);
  const opened = openFolder('registry', undefined);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/apis/ccompat/v7`;
  const server = createServerProcess({
    name: 'The schema registry',
    command: java,
    args: [
      '-Xmx256m',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      ...settings(port),
      '-jar',
      join(program, 'quarkus-run.jar'),
    ],
    logFile: join(opened.path, 'server.log'),
    isReady: async () => (await fetch(`${url}/subjects`)).ok,
    startTimeoutMs,
  });
  const remove = async () => {
    await server.kill();
    opened.remove();
  };
  await server.start().catch(async (error) => {
    await remove();
    throw error;
  });
  return { ...server, url, remove };
}

const settings = (port: number): string[] => [
  '-Dquarkus.http.host=127.0.0.1',
  `-Dquarkus.http.port=${port}`,
  // The management listener would use a fixed port, and nothing here needs it.
  '-Dquarkus.management.host=127.0.0.1',
  '-Dquarkus.management.port=0',
];
