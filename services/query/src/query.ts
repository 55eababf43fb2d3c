import type { Bus } from '@faultline/bus';
import { defaultEnvironmentRules, type EnvironmentRules } from '@faultline/model';
import {
  type Authenticator,
  type Clock,
  type Component,
  type Health,
  type Logger,
  noTracer,
  type Started,
  type Tracer,
} from '@faultline/runtime';
import type { HistoryReader } from '@faultline/store';
import type { FastifyPluginAsync } from 'fastify';
import { DeliveryReadModel } from './alert-decision/delivery-read-model.ts';
import { createAlertExplainer } from './alert-decision/explain.ts';
import type { SuppressionOf } from './alert-decision/gather.ts';
import { createOpenApi } from './api/openapi.ts';
import { loadContract } from './api/proto.ts';
import { createCommander } from './command/commander.ts';
import type { QueryConfig } from './config.ts';
import { createExporter } from './export/export.ts';
import { startGrpcServer } from './grpc/server.ts';
import { createConsoleRoutes } from './http/console.ts';
import { createApiRoutes } from './http/routes.ts';
import { createHygiene } from './hygiene/handler.ts';
import { postmortem } from './incident/postmortem.ts';
import { createIncidentReader } from './incident/read.ts';
import { IncidentReadModel } from './incident/read-model.ts';
import { createWatcher } from './incident/watch.ts';
import { createDeadLetterList } from './ledger/dead-letters.ts';
import { createPendingCounter } from './ledger/pending.ts';
import { LedgerReadModel } from './ledger/read-model.ts';
import { cannotReplay, createDeadLetterReplay, type ReplayLetter } from './ledger/replay.ts';
import { createOperations } from './operations/index.ts';
import { followTopic, type ReadModel } from './read-model/follow.ts';
import { createStoreReader, type ReadStore } from './read-model/store.ts';
import { type RightsizingConfig, rightsizingConfig } from './rightsizing/config.ts';
import { createRightsizing } from './rightsizing/listing.ts';
import { createTopology } from './topology/topology.ts';
import { declaredContainers } from './workload/declared.ts';
import { createWorkloadHandlers } from './workload/handlers.ts';
import { WorkloadReadModel } from './workload/read-model.ts';

export interface QueryOptions {
  readonly bus: Bus;
  readonly store: HistoryReader;
  readonly config: QueryConfig;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly authenticator: Authenticator;
  readonly health: Health;
  /** Default: nothing is traced. */
  readonly tracer?: Tracer;
  /** By which names of environments in requests are folded. Default: the built-in ones. */
  readonly environmentRules?: EnvironmentRules;
  /** How requests are compared with use. Default: the defaults of its section. */
  readonly rightsizing?: RightsizingConfig;
  /** By which rule an alert does not page, to explain it. Default: no rule is known. */
  readonly suppressionOf?: SuppressionOf;
  /** Sends a dead letter again. Default: no process can. */
  readonly replayLetter?: ReplayLetter;
}

export interface Query {
  /** Register it on the HTTP server of the process before it listens. */
  readonly routes: FastifyPluginAsync;
  readonly ports: { readonly grpc: number };
}

/** Time for running answers. Watches end on their own, but clients that watch health stay until they are cut off. */
const stopGraceMs = 1000;

/** The query service. It listens before it has read the open incidents. Until then reads of them answer UNAVAILABLE. */
export function createQuery(options: QueryOptions): Component<Query> {
  return { start: () => startQuery(options) };
}

async function startQuery(options: QueryOptions): Promise<Started<Query>> {
  const { config, authenticator, logger } = options;
  const stopping = new AbortController();
  const models = {
    incidents: new IncidentReadModel(),
    ledger: new LedgerReadModel(),
    workloads: new WorkloadReadModel(),
    deliveries: new DeliveryReadModel(),
  };
  const closing = new AbortController();
  const readStore = createStoreReader({ store: options.store, timeoutMs: config.storeTimeoutMs });
  const reader = createIncidentReader({
    readModel: models.incidents,
    readStore,
    environmentRules: options.environmentRules ?? defaultEnvironmentRules,
    clock: options.clock,
  });
  const signal = AbortSignal.any([stopping.signal, closing.signal]);
  const operations = buildOperations(options, models, { reader, readStore, stopping: signal });
  const exporter = createExporter(options.bus);
  const contract = loadContract();
  const address = { section: 'query', host: config.host, port: config.port };
  const { tls } = config;
  const grpc = await startGrpcServer({ address, tls, operations, contract, authenticator, logger });
  const following = follow(options, models, stopping.signal);
  const api = createApiRoutes({
    operations,
    openApi: createOpenApi(operations, contract),
    authenticator,
    logger,
    heartbeatMs: config.heartbeatMs,
    exportIncident: async (tenant, id) => exporter(await reader.find(tenant, id)),
    postmortemOf: async (tenant, id) => postmortem(await reader.find(tenant, id)),
  });
  const routes: FastifyPluginAsync = async (server) => {
    // The HTTP server waits for open requests, and a watch never ends on its own.
    server.addHook('preClose', async () => closing.abort());
    await server.register(api);
    await server.register(createConsoleRoutes(config.consoleFolder));
  };
  const stop = async () => {
    stopping.abort();
    await Promise.all([grpc.stop(stopGraceMs), following]);
  };
  return { value: { routes, ports: { grpc: grpc.port } }, stop };
}

interface ReadModels {
  readonly incidents: IncidentReadModel;
  readonly ledger: LedgerReadModel;
  readonly workloads: WorkloadReadModel;
  readonly deliveries: DeliveryReadModel;
}

interface Readers {
  readonly reader: ReturnType<typeof createIncidentReader>;
  readonly readStore: ReadStore;
  readonly stopping: AbortSignal;
}

function buildOperations(
  {
    bus,
    config,
    clock,
    rightsizing = rightsizingConfig.parse({}),
    tracer = noTracer,
    environmentRules = defaultEnvironmentRules,
    suppressionOf = () => null,
    replayLetter = cannotReplay,
  }: QueryOptions,
  { incidents, ledger, workloads, deliveries }: ReadModels,
  { reader, readStore, stopping }: Readers,
) {
  return createOperations({
    reader,
    watch: createWatcher({ readModel: incidents, limits: config, stopping }),
    explainAlert: createAlertExplainer({ bus, incidents, deliveries, readStore, suppressionOf, clock }),
    command: createCommander({ bus, readModel: incidents, clock, timeoutMs: config.commandTimeoutMs, tracer }),
    topology: createTopology({ bus, readModel: incidents, readStore, clock, environmentRules }),
    ledger,
    pending: createPendingCounter(bus),
    deadLetters: createDeadLetterList(bus),
    replayDeadLetters: createDeadLetterReplay(bus, replayLetter),
    hygiene: createHygiene({ readStore, clock }),
    clock,
    workloads: createWorkloadHandlers({
      model: workloads,
      incidents,
      readStore,
      clock,
      environmentRules,
      bus,
      rightsizing: createRightsizing({
        readStore,
        clock,
        config: rightsizing,
        declaredOf: (tenant) => declaredContainers(workloads, tenant),
      }),
    }),
  });
}

async function follow(
  { bus, logger, health, clock }: QueryOptions,
  { incidents, ledger, workloads, deliveries }: ReadModels,
  signal: AbortSignal,
): Promise<void> {
  const beganMs = clock();
  health.set('query', {
    ok: false,
    detail: 'still reading the open incidents, their deliveries, the ledger and the workloads',
  });
  const reporting = (model: ReadModel): ReadModel => ({
    restart: () => model.restart(),
    apply: (record) => model.apply(record),
    caughtUp: () => {
      const skipped = model.caughtUp();
      if (!incidents.ready || !ledger.ready || !workloads.ready || !deliveries.ready) return skipped;
      health.set('query', { ok: true, detail: 'open incidents are in memory' });
      logger.info('state read back', { part: 'query', tookMs: clock() - beganMs });
      return skipped;
    },
  });
  await Promise.all([
    followTopic({ bus, topic: 'incidents', readModel: reporting(incidents), logger, signal }),
    followTopic({ bus, topic: 'ledger', readModel: reporting(ledger), logger, signal }),
    followTopic({ bus, topic: 'config', readModel: reporting(workloads), logger, signal }),
    followTopic({ bus, topic: 'deliveries', readModel: reporting(deliveries), logger, signal }),
  ]);
}
