/** Servers that fault runs share: one log and one store. Each run has its own topics and its own database. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClickHouse, type Kafka, startClickHouse, startKafka } from '@faultline/servers';
import { type AskClickHouse, askClickHouse } from './digest.ts';

export interface SharedServers {
  /** Null: every run has an embedded log. */
  readonly kafka: Kafka | null;
  readonly clickhouse: ClickHouse;
  /** Configurations, logs and embedded logs of the runs. */
  readonly folder: string;
  /** Stops the servers, and removes the folder unless `keep` is passed. */
  close(keep?: 'keep'): Promise<void>;
}

/** The parts of the servers that one run uses. */
export interface RunResources {
  readonly name: string;
  readonly folder: string;
  /** The sections `bus` and `store`. */
  readonly config: { readonly bus: object; readonly store: object };
  readonly ask: AskClickHouse;
}

export interface Partitions {
  readonly scope: number;
  readonly telemetry: number;
}

/** Starts three brokers, or none, and a ClickHouse server. */
export async function startServers(log: 'kafka' | 'embedded'): Promise<SharedServers> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-faults-'));
  const [kafka, clickhouse] = await Promise.all([
    log === 'kafka' ? startKafka({ brokers: 3, heapMb: 384 }) : null,
    startClickHouse(),
  ]);
  return {
    kafka,
    clickhouse,
    folder,
    close: async (keep) => {
      await Promise.all([kafka?.stop(), clickhouse.remove()]);
      if (keep === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface RunResourceOptions {
  readonly name: string;
  readonly partitions: Partitions;
  readonly log: 'kafka' | 'embedded';
}

/** Creates the database of a run, and returns the configuration for its processes. */
export async function createRunResources(
  servers: SharedServers,
  { name, partitions, log }: RunResourceOptions,
): Promise<RunResources> {
  const id = `${name}-${Date.now().toString(36)}`;
  const database = id.replaceAll('-', '_');
  const { clickhouse, folder } = servers;
  const kafka = log === 'kafka' ? servers.kafka : null;
  await askClickHouse(clickhouse.url, 'default')(`CREATE DATABASE ${database}`);
  const bus =
    kafka === null
      ? { kind: 'embedded', folder: join(folder, id, 'log'), partitions }
      : {
          kind: 'kafka',
          partitions,
          kafka: {
            brokers: kafka.bootstrap.split(','),
            topicPrefix: `${id}.`,
            replicationFactor: 3,
            minInSyncReplicas: 2,
            sessionTimeoutMs: 6_000,
          },
        };
  return {
    name,
    folder: join(folder, id),
    config: { bus, store: { kind: 'server', url: clickhouse.url, database } },
    ask: askClickHouse(clickhouse.url, database),
  };
}
