/** For tests: every service in its own processes, over a log and a store with addresses. */
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppAddresses } from '../app.ts';
import type { ServiceName } from '../service-list.ts';
import { type Environment, type EnvironmentOptions, scenarioSettings } from './scenario.ts';

export interface ServerAddresses {
  readonly brokers: readonly string[];
  readonly clickhouse: string;
  /** Prefix of topic names. The database must exist. */
  readonly topicPrefix: string;
  readonly database: string;
}

/** Number of processes of each service. */
export type InstanceCounts = Readonly<Record<ServiceName, number>>;

interface Running {
  readonly service: ServiceName;
  readonly addresses: AppAddresses;
  readonly process: ChildProcess;
}

const main = join(import.meta.dirname, '../main.ts');
/** The order of the start. They stop in the reverse order. */
const order: readonly ServiceName[] = ['notifier', 'correlator', 'recorder', 'query', 'ingest'];

/** An environment of processes. They use the real clock, so `settings` must keep every wait of a scenario short. */
export function processEnvironment(
  servers: ServerAddresses,
  counts: InstanceCounts,
  { folder, pagerUrl, settings }: Omit<EnvironmentOptions, 'clock'> & { readonly settings: object },
): Environment {
  const file = join(folder, 'faultline.json');
  const bus = { kind: 'kafka', kafka: kafkaOf(servers) };
  const store = { kind: 'server', url: servers.clickhouse, database: servers.database };
  const shared = { ...scenarioSettings(pagerUrl), log: { level: 'warn', format: 'json' }, bus, store, ...settings };
  writeFileSync(file, JSON.stringify(shared));
  let running: readonly Running[] = [];
  const addressOf = (service: ServiceName): AppAddresses => {
    const found = running.find((one) => one.service === service);
    if (found === undefined) throw new Error(`no process runs ${service}`);
    return found.addresses;
  };
  return {
    graceSeconds: 60,
    start: async () => {
      const wanted = order.flatMap((service) => Array.from({ length: counts[service] }, () => service));
      running = await Promise.all(wanted.map((service) => startProcess(service, file)));
    },
    stop: async () => {
      const stopping = running;
      running = [];
      for (const service of [...order].reverse())
        await Promise.all(stopping.filter((one) => one.service === service).map(endProcess));
    },
    addresses: () => {
      const [ingest, query] = [addressOf('ingest'), addressOf('query')];
      return { ingest: ingest.http, api: query.http, otlp: ingest.otlpHttp ?? '', grpc: query.queryGrpc ?? '' };
    },
  };
}

/** One broker can hold one copy only. */
function kafkaOf({ brokers, topicPrefix }: ServerAddresses): object {
  return { brokers, topicPrefix, replicationFactor: 1, minInSyncReplicas: 1, sessionTimeoutMs: 6_000 };
}

/** Resolves with the announced addresses. Rejects with the output when the process ends before. */
function startProcess(service: ServiceName, file: string): Promise<Running> {
  const child = spawn(process.execPath, [main, '--config', file, '--only', service], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.once('close', (code) => reject(new Error(`${service} ended with ${code} before it was up: ${printed}`)));
    child.stdout.once('data', (chunk: Buffer) =>
      resolve({ service, process: child, addresses: JSON.parse(chunk.toString()) as AppAddresses }),
    );
  });
}

function endProcess({ process: child }: Running): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('close', () => resolve());
    child.kill('SIGTERM');
  });
}
