/** Puts the parts together and gives them a life. */
import { randomUUID } from 'node:crypto';
import { type Bus, openSourceTopic } from '@faultline/bus';
import {
  type Authenticator,
  bindError,
  type Clock,
  type Component,
  checkBindAddress,
  type Health,
  type Logger,
  noTracer,
  sleep,
  type Tracer,
} from '@faultline/runtime';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { type ClusterNames, createClusterNames } from './cluster-names.ts';
import type { IngestConfig } from './config.ts';
import { followClusters } from './follow-clusters.ts';
import { createOtlpGrpc } from './grpc/server.ts';
import { getTextOverHttps } from './http/get-text.ts';
import { describeSourceApi, openApiPath } from './http/openapi.ts';
import { createOtlpHttp } from './http/otlp-server.ts';
import { sourceRoutes } from './http/routes.ts';
import { type KafkaReaders, startKafka } from './kafka/start.ts';
import { createLogHealth } from './log-health.ts';
import { createMappingEvaluator, type MappingEvaluator } from './mapping/evaluator.ts';
import { createIngestMetrics } from './metrics.ts';
import { createPublisher, type PublisherOptions } from './publisher.ts';
import { createReceiver, type Receiver } from './receiver.ts';
import { createReplay, type ReplayLetter } from './replay.ts';
import { entityRulesOf, environmentRulesOf } from './rules.ts';
import { SenderCache } from './sender-cache.ts';
import { createServiceNames, type ServiceNames } from './service-names.ts';
import { createKeptPayloads, type KeptPayloads } from './source-api/kept-payloads.ts';
import { sourceApi } from './source-api/routes.ts';
import { sourcesOf } from './sources/index.ts';
import { otlp, otlpRoutes } from './sources/otlp/index.ts';

export interface IngestOptions {
  readonly bus: Pick<Bus, 'publish' | 'partitionOf' | 'maxRecordBytes' | 'ping' | 'follow' | 'openSourceTopic'>;
  readonly config: IngestConfig;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly authenticator: Authenticator;
  readonly health: Health;
  /** Default: nothing is traced. */
  readonly tracer?: Tracer;
  /** Reads a page of the Internet. Default: over HTTPS. */
  readonly getText?: (url: URL) => Promise<string | null>;
  /** Ids that no other call gave. Default: random. */
  readonly uniqueId?: () => string;
  /** Opens topics that others fill. Default: over Kafka. */
  readonly openTopic?: typeof openSourceTopic;
}

export interface Ingest {
  /** The sources of the main HTTP server. Close that server before `stop`. */
  readonly routes: FastifyPluginAsync;
  readonly ports: { readonly otlpGrpc: number; readonly otlpHttp: number };
  readonly replay: ReplayLetter;
}

const stopGraceMs = 5000;
/** Longest wait for the names of watched clusters. */
const knownWaitMs = 5000;

/** Starting listens on the OTLP ports; stopping lets running requests end and waits until nothing is left to write. */
export function createIngest(options: IngestOptions): Component<Ingest> {
  return { start: () => startIngest(options) };
}

async function startIngest(options: IngestOptions) {
  const { config, authenticator, health } = options;
  let detail = '';
  const logHealth = createLogHealth({ health, detail: () => detail, ping: () => options.bus.ping() });
  const core = createIngestCore(options, logHealth.takes);
  const { receiver, replay } = core;
  checkBindAddress({ section: 'ingest.otlpGrpc', ...config.otlpGrpc }, authenticator);
  checkBindAddress({ section: 'ingest.otlpHttp', ...config.otlpHttp }, authenticator);
  const grpc = createOtlpGrpc({ source: otlp, routes: otlpRoutes, receiver, config, logger: options.logger });
  const http = createOtlpHttp({ receiver, config, authenticator, logger: options.logger });
  const grpcPort = await grpc.listen();
  const httpPort = await listenHttp(http, config).catch(async (error: unknown) => {
    await grpc.stop(0);
    throw error;
  });
  const stopListening = (graceMs: number) => Promise.all([grpc.stop(graceMs), http.close()]);
  const kafka = await startKafkaOf(options, receiver).catch(async (error: unknown) => {
    await stopListening(0);
    throw error;
  });
  const following = await core.followClusters();
  detail = `OTLP on ${grpcPort} (gRPC) and ${httpPort} (HTTP)`;
  logHealth.takes(true);
  const value: Ingest = {
    routes: mainRoutes(options, core),
    ports: { otlpGrpc: grpcPort, otlpHttp: httpPort },
    replay,
  };
  const stop = async () => {
    logHealth.stop();
    following.abort();
    await kafka.stop();
    await following.done;
    await stopListening(stopGraceMs);
    await core.stop();
  };
  return { value, stop };
}

/** Sends dead letters again where no ingest runs. It opens no port. */
export function createReplayer(options: IngestOptions): Component<ReplayLetter> {
  return {
    start: async () => {
      const core = createIngestCore(options, () => {});
      const following = await core.followClusters();
      const stop = async () => {
        following.abort();
        await following.done;
        await core.stop();
      };
      return { value: core.replay, stop };
    },
  };
}

/** All that makes records of bodies, without the ports by which they come. */
function createIngestCore(options: IngestOptions, logTakes: (ok: boolean) => void) {
  const { config, clock, bus, logger } = options;
  const publishers = createPublishers(options);
  const mappings = createMappings(config);
  const serviceNames = createServiceNames(config.sharedServiceNames);
  const clusterNames = createClusterNames(serviceNames, clock);
  const payloads = createKeptPayloads({ maxBytes: config.keptPayloadBytes, clock });
  const names = { serviceNames, clusterNames };
  const receiver = createReceiverOf(options, { payloads, publishers, mappings, names, logTakes });
  return {
    receiver,
    mappings,
    payloads,
    replay: createReplay({ config, mappings, receiver, publisher: publishers.alert }),
    /** Resolves once the names of watched clusters are known, or after a while: alerts must not wait for them. */
    followClusters: async () => {
      const stopping = new AbortController();
      const { signal } = stopping;
      const { known, done } = followClusters({ bus, names: clusterNames, logger, signal });
      await Promise.race([known, sleep(knownWaitMs, signal)]);
      return { abort: () => stopping.abort(), done };
    },
    stop: async () => {
      await mappings.close();
      await Promise.all([publishers.alert.drained(), publishers.telemetry.drained()]);
    },
  };
}

async function startKafkaOf(options: IngestOptions, receiver: Receiver): Promise<KafkaReaders> {
  const { uniqueId = randomUUID, openTopic = openSourceTopic } = options;
  return startKafka({ ...options, openTopic, receiver, uniqueId });
}

function createMappings({ limits }: IngestConfig): MappingEvaluator {
  return createMappingEvaluator({
    timeoutMs: limits.mappingMs,
    memoryMb: limits.mappingMemoryMb,
    maxWaiting: limits.mappingWaiting,
    maxWaitingBytes: limits.mappingWaitingBytes,
  });
}

/** Agents send in bursts, and a flush costs as much as a small request. */
const telemetryLingerMs = 2;

/** The sources of the main HTTP server, and their description. */
function mainRoutes(
  { config, authenticator, clock, uniqueId = randomUUID }: IngestOptions,
  parts: { readonly receiver: Receiver; readonly mappings: MappingEvaluator; readonly payloads: KeptPayloads },
): FastifyPluginAsync {
  const all = sourcesOf(config);
  const { receiver } = parts;
  return async (server) => {
    server.get(openApiPath, (_request, reply) => reply.send(describeSourceApi(all)));
    await server.register(sourceApi({ ...parts, sources: all, config, authenticator, clock, uniqueId }));
    await server.register(sourceRoutes({ sources: all, receiver, config }));
  };
}

function createPublishers({ bus, config, uniqueId = randomUUID }: IngestOptions) {
  // A name of its own for every start: totals begin at nothing, and two processes can never write over each other's.
  const writer = `ingest-${uniqueId()}`;
  const common: Omit<PublisherOptions, 'writer' | 'lingerMs'> = {
    bus,
    maxBatchBytes: config.publishBytes,
    maxWaitingBytes: config.limits.inFlightBytes,
  };
  return {
    alert: createPublisher({ ...common, writer: `${writer}-a`, lingerMs: 0 }),
    telemetry: createPublisher({ ...common, writer: `${writer}-t`, lingerMs: telemetryLingerMs }),
  };
}

interface ReceiverParts {
  readonly payloads: KeptPayloads;
  readonly publishers: ReturnType<typeof createPublishers>;
  readonly mappings: MappingEvaluator;
  readonly names: { readonly serviceNames: ServiceNames; readonly clusterNames: ClusterNames };
  readonly logTakes: (ok: boolean) => void;
}

function createReceiverOf(
  options: IngestOptions,
  { payloads, publishers, mappings, names, logTakes }: ReceiverParts,
): Receiver {
  const { bus, config, clock, logger, authenticator, tracer = noTracer, uniqueId = randomUUID } = options;
  return createReceiver({
    bus,
    config,
    clock,
    logger,
    tracer,
    authenticator,
    publishers,
    payloads,
    logTakes,
    uniqueId,
    startProcessorTimer,
    metrics: createIngestMetrics(),
    context: {
      config,
      entityRules: entityRulesOf(config),
      ...names,
      environmentRules: environmentRulesOf(config),
      mappings,
      getText: options.getText ?? getTextOverHttps,
      senders: new SenderCache(),
    },
  });
}

/** Processor time of this thread. It does not run while others have the processor, so a busy machine refuses nobody. */
function startProcessorTimer(): () => number {
  const begin = process.threadCpuUsage();
  return () => {
    const { user, system } = process.threadCpuUsage(begin);
    return (user + system) / 1000;
  };
}

async function listenHttp(server: FastifyInstance, config: IngestConfig): Promise<number> {
  const { host, port } = config.otlpHttp;
  try {
    await server.listen({ host, port });
  } catch (error) {
    throw bindError(error, { section: 'ingest.otlpHttp', host, port });
  }
  const address = server.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
