/**
 * Runs before the distributed tests: starts one broker, a registry and a ClickHouse server. Tests get the addresses by
 * `inject('kafka')` and so on, and in the environment. If an address is already in the environment, that server is
 * used: the one of `node infra/servers/src/main.ts all`.
 */
import type { TestProject } from 'vitest/node';
import { startClickHouse } from './clickhouse.ts';
import { startKafka } from './kafka.ts';
import { startRegistry } from './registry.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** `host:port` of one broker. */
    readonly kafka: string;
    /** Address of the schema registry's Confluent API. */
    readonly registry: string;
    /** ClickHouse over HTTP; user `default`, no password. */
    readonly clickhouse: string;
  }
}

type Stop = () => Promise<void>;

interface Needed {
  readonly name: 'kafka' | 'registry' | 'clickhouse';
  readonly variable: string;
  start(): Promise<{ readonly address: string; readonly stop: Stop }>;
}

const needed: readonly Needed[] = [
  {
    name: 'kafka',
    variable: 'FAULTLINE_TEST_KAFKA',
    start: () => startKafka({ brokers: 1, heapMb: 512 }).then(({ bootstrap, stop }) => ({ address: bootstrap, stop })),
  },
  {
    name: 'registry',
    variable: 'FAULTLINE_TEST_REGISTRY',
    start: () => startRegistry().then(({ url, remove }) => ({ address: url, stop: remove })),
  },
  {
    name: 'clickhouse',
    variable: 'FAULTLINE_TEST_CLICKHOUSE_URL',
    start: () => startClickHouse().then(({ url, remove }) => ({ address: url, stop: remove })),
  },
];

/** Returns the teardown. Rejects with what to install, or with the log of a server that did not start. */
export default async function setup(project: TestProject): Promise<Stop> {
  const stops: Stop[] = [];
  const teardown = async () => void (await Promise.all(stops.map((stop) => stop())));
  const outcomes = await Promise.allSettled(needed.map((server) => provideOne(project, server, stops)));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed === undefined) return teardown;
  await teardown();
  throw failed.reason;
}

async function provideOne(project: TestProject, { name, variable, start }: Needed, stops: Stop[]): Promise<void> {
  const given = process.env[variable];
  if (given !== undefined) return project.provide(name, given);
  const { address, stop } = await start();
  stops.push(stop);
  process.env[variable] = address;
  project.provide(name, address);
}
