/** Ingest over a log in memory, for tests: real ports, a clock that tests move, and a log that can be told to fail. */
import { createEmbeddedBus, type LogRecord } from '@faultline/bus';
import { codecs, type DeadLetter, type LedgerTotals, type TopicName } from '@faultline/model';
import {
  AppError,
  type Authenticator,
  authConfig,
  createAuthenticator,
  Health,
  silentLogger,
  type Tracer,
} from '@faultline/runtime';
import Fastify from 'fastify';
import { ingestConfig } from '../config.ts';
import { createIngest, type IngestOptions } from '../ingest.ts';

export type FrontDoor = Awaited<ReturnType<typeof openFrontDoor>>;

export interface FrontDoorOptions {
  readonly config?: object;
  readonly authenticator?: Authenticator;
  readonly tracer?: Tracer;
  readonly openTopic?: IngestOptions['openTopic'];
  readonly health?: Health;
}

const port = { port: 0 };

export async function openFrontDoor(options: FrontDoorOptions = {}) {
  const state = { nowMs: Date.now(), broken: null as AppError | null };
  const clock = () => state.nowMs;
  const log = await createEmbeddedBus({
    folder: ':memory:',
    partitions: { scope: 4, telemetry: 4 },
    maxRecordBytes: 1_000_000,
    logger: silentLogger,
    clock,
  }).start();
  const bus = log.value;
  const ingest = await createIngest({
    bus: {
      publish: (records) => (state.broken === null ? bus.publish(records) : Promise.reject(state.broken)),
      partitionOf: (topic, key) => bus.partitionOf(topic, key),
      maxRecordBytes: bus.maxRecordBytes,
      follow: (topic, signal) => bus.follow(topic, signal),
      ping: () => (state.broken === null ? bus.ping() : Promise.reject(state.broken)),
    },
    config: ingestConfig.parse({ otlpGrpc: port, otlpHttp: port, ...options.config }),
    logger: silentLogger,
    clock,
    authenticator: options.authenticator ?? createAuthenticator(authConfig.parse({})),
    health: options.health ?? new Health(),
    ...(options.openTopic === undefined ? {} : { openTopic: options.openTopic }),
    ...(options.tracer === undefined ? {} : { tracer: options.tracer }),
  }).start();
  const server = Fastify();
  server.register(ingest.value.routes);
  const read = async (topic: TopicName): Promise<LogRecord[]> => {
    const records: LogRecord[] = [];
    for (let partition = 0; partition < bus.partitionCount(topic); partition++)
      for await (const record of bus.read({ topic, partition, from: 0n })) records.push(record);
    return records;
  };
  return {
    state,
    server,
    ports: ingest.value.ports,
    replay: ingest.value.replay,
    publish: bus.publish.bind(bus),
    read,
    ledger: async () => sumLedger((await read('ledger')).map(({ value }) => decoded(codecs.ledgerTotals, value))),
    deadLetters: async (): Promise<DeadLetter[]> =>
      (await read('dead-letters')).map(({ value }) => decoded(codecs.deadLetter, value)),
    close: async () => {
      await server.close();
      await ingest.stop();
      await log.stop();
    },
  };
}

export function decoded<Value>(
  codec: { decode(bytes: Uint8Array): { ok: true; value: Value } | { ok: false; reason: string } },
  bytes: Uint8Array | null,
): Value {
  const result = codec.decode(bytes ?? new Uint8Array());
  if (!result.ok) throw new Error(result.reason);
  return result.value;
}

/** `source/signal` to accepted and dead-lettered, the last totals of each writer added up. */
function sumLedger(all: readonly LedgerTotals[]): Record<string, { accepted: number; deadLettered: number }> {
  const last = new Map(all.map((totals) => [`${totals.writer}/${totals.source}/${totals.signal}`, totals]));
  const sums: Record<string, { accepted: number; deadLettered: number }> = {};
  for (const { source, signal, totals } of last.values()) {
    const key = `${source}/${signal}`;
    const before = sums[key] ?? { accepted: 0, deadLettered: 0 };
    sums[key] = {
      accepted: before.accepted + totals.accepted,
      deadLettered: before.deadLettered + totals.deadLettered,
    };
  }
  return sums;
}

export const unavailable = new AppError('BUS_UNAVAILABLE', 'the disk is away', { kind: 'transient' });
