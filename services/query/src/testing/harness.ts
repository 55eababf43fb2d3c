/** The query service on the embedded log and a store, both in memory, reached through its real HTTP routes and its real gRPC port. */
import { type Bus, createEmbeddedBus, type Position } from '@faultline/bus';
import { type Authenticator, Health, type Started, silentLogger } from '@faultline/runtime';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Json } from '../api/operation.ts';
import { loadContract } from '../api/proto.ts';
import { queryConfig } from '../config.ts';
import type { ReplayLetter } from '../ledger/replay.ts';
import { createQuery } from '../query.ts';
import { createMemoryHistory, type MemoryHistory } from './history.ts';

export const openToAll: Authenticator = { enabled: false, identify: () => null };
export const nowMs = Date.parse('2026-03-01T03:00:00Z');

export interface Harness {
  readonly bus: Bus;
  readonly history: MemoryHistory;
  readonly http: FastifyInstance;
  readonly grpcPort: number;
  /** Calls `Service/Method` with a JSON request. */
  grpc(rpc: string, request: Json, headers?: Readonly<Record<string, string>>): Promise<Json>;
  /** Starts a stream; iterate it, then `return` it. */
  grpcStream(rpc: string, request: Json): AsyncIterable<Json> & { cancel(): void };
  stop(): Promise<void>;
}

export interface HarnessOptions {
  readonly config?: Record<string, unknown>;
  readonly authenticator?: Authenticator;
  readonly replayLetter?: ReplayLetter;
  readonly prepare?: (bus: Bus) => Promise<void>;
}

/** Starts the service and waits until it has read what `prepare` published. */
export async function startHarness({
  config,
  authenticator = openToAll,
  replayLetter,
  prepare,
}: HarnessOptions = {}): Promise<Harness> {
  const log = await startLog();
  const bus = log.value;
  const history = createMemoryHistory();
  await prepare?.(bus);
  const health = new Health();
  const query = await createQuery({
    bus,
    store: history,
    config: queryConfig.parse({ port: 0, consoleFolder: '', ...config }),
    logger: silentLogger,
    clock: () => nowMs,
    authenticator,
    health,
    ...(replayLetter === undefined ? {} : { replayLetter }),
  }).start();
  const http = Fastify();
  await http.register(query.value.routes);
  await http.ready();
  const contract = loadContract();
  const client = new Client(`127.0.0.1:${query.value.ports.grpc}`, credentials.createInsecure());
  const codecs = (rpc: string) => {
    const [service = '', method = ''] = rpc.split('/');
    return { path: `/faultline.v1.${rpc}`, ...contract.method(service, method) };
  };
  await untilCaughtUp(health);
  return {
    bus,
    history,
    http,
    grpcPort: query.value.ports.grpc,
    grpc: (rpc, request, headers = {}) => {
      const { path, input, output } = codecs(rpc);
      const metadata = new Metadata();
      for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
      return new Promise((resolve, reject) => {
        client.makeUnaryRequest(path, input.encode, output.decode, request, metadata, (error, answer) =>
          error === null && answer !== undefined ? resolve(answer) : reject(error),
        );
      });
    },
    grpcStream: (rpc, request) => {
      const { path, input, output } = codecs(rpc);
      return client.makeServerStreamRequest(path, input.encode, output.decode, request) as never;
    },
    stop: async () => {
      client.close();
      await query.stop();
      await http.close();
      await log.stop();
    },
  };
}

function startLog(): Promise<Started<Bus>> {
  return createEmbeddedBus({
    folder: ':memory:',
    partitions: { scope: 2, telemetry: 1 },
    maxRecordBytes: 1_000_000,
    logger: silentLogger,
    clock: () => nowMs,
  }).start();
}

/** Commits a position as a consumer of the correlator's group would. */
export async function commitAsCorrelator(bus: Bus, position: Position): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const subscription = bus.subscribe({
    group: 'correlator',
    topics: ['alerts', 'changes', 'commands'],
    run: async (assignment) => {
      if (assignment.partition === position.partition) {
        await assignment.commit({ records: [], positions: [position] });
        resolve();
      }
      while (!assignment.signal.aborted) await assignment.poll({ maxRecords: 1, maxBytes: 1, waitMs: 1000 });
    },
  });
  await promise;
  await subscription.stop();
}

/** The read models follow their topics on their own. In memory that takes a few turns of the event loop. */
async function untilCaughtUp(health: Health): Promise<void> {
  while (!health.report().ok) await new Promise(setImmediate);
}
