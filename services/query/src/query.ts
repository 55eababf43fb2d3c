import type { Bus } from '@faultline/bus';
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
import { createOpenApi } from './api/openapi.ts';
import { createOperations } from './api/operations.ts';
import { loadContract } from './api/proto.ts';
import { createCommander } from './command/commander.ts';
import type { QueryConfig } from './config.ts';
import { createExporter } from './export/export.ts';
import { startGrpcServer } from './grpc/server.ts';
import { createConsoleRoutes } from './http/console.ts';
import { createApiRoutes } from './http/routes.ts';
import { IncidentBook } from './incident/book.ts';
import { createIncidentReader } from './incident/read.ts';
import { createWatcher } from './incident/watch.ts';
import { createDeadLetterList } from './ledger/dead-letters.ts';
import { createPendingCounter } from './ledger/pending.ts';
import { LedgerBook } from './ledger/totals.ts';
import { createTopology } from './topology/topology.ts';
import { followTopic, type View } from './view/follow.ts';
import { type AskStore, createHistory } from './view/history.ts';

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
}

export interface Query {
  /** To be registered on the process's HTTP server before it listens. */
  readonly routes: FastifyPluginAsync;
  readonly ports: { readonly grpc: number };
}

/** Watches end by themselves; this is for the answers on their way, and who watches health does not go before it. */
const stopGraceMs = 1000;

/** The query service. It is up before it has read the open incidents; until then reading them answers UNAVAILABLE. */
export function createQuery(options: QueryOptions): Component<Query> {
  return { start: () => startQuery(options) };
}

async function startQuery(options: QueryOptions): Promise<Started<Query>> {
  const { config, authenticator, logger } = options;
  const stopping = new AbortController();
  const books = { book: new IncidentBook(), ledger: new LedgerBook() };
  const closing = new AbortController();
  const askStore = createHistory({ store: options.store, timeoutMs: config.storeTimeoutMs });
  const reader = createIncidentReader({ book: books.book, askStore });
  const signal = AbortSignal.any([stopping.signal, closing.signal]);
  const operations = buildOperations(options, books, { reader, askStore, stopping: signal });
  const exporter = createExporter(options.bus);
  const contract = loadContract();
  const address = { section: 'query', host: config.host, port: config.port };
  const { tls } = config;
  const grpc = await startGrpcServer({ address, tls, operations, contract, authenticator, logger });
  const following = follow(options, books, stopping.signal);
  const api = createApiRoutes({
    operations,
    openApi: createOpenApi(operations, contract),
    authenticator,
    logger,
    heartbeatMs: config.heartbeatMs,
    exportIncident: async (tenant, id) => exporter(await reader.find(tenant, id)),
  });
  const routes: FastifyPluginAsync = async (server) => {
    // A watch never ends by itself: the HTTP server would wait for it for ever.
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

interface Books {
  readonly book: IncidentBook;
  readonly ledger: LedgerBook;
}

interface Readers {
  readonly reader: ReturnType<typeof createIncidentReader>;
  readonly askStore: AskStore;
  readonly stopping: AbortSignal;
}

function buildOperations(
  { bus, config, clock, tracer = noTracer }: QueryOptions,
  { book, ledger }: Books,
  { reader, askStore, stopping }: Readers,
) {
  const { maxWatchers, commandTimeoutMs } = config;
  return createOperations({
    reader,
    watch: createWatcher({ book, maxWatchers, stopping }),
    command: createCommander({ bus, book, clock, timeoutMs: commandTimeoutMs, tracer }),
    topology: createTopology({ bus, book, askStore, clock }),
    ledger,
    pending: createPendingCounter(bus),
    deadLetters: createDeadLetterList(bus),
  });
}

async function follow(
  { bus, logger, health, clock }: QueryOptions,
  { book, ledger }: Books,
  signal: AbortSignal,
): Promise<void> {
  const beganMs = clock();
  health.set('query', { ok: false, detail: 'still reading the open incidents and the ledger' });
  const told = (view: View): View => ({
    restart: () => view.restart(),
    apply: (record) => view.apply(record),
    caughtUp: () => {
      const skipped = view.caughtUp();
      if (!book.ready || !ledger.ready) return skipped;
      health.set('query', { ok: true, detail: 'open incidents are in memory' });
      logger.info('state read back', { part: 'query', tookMs: clock() - beganMs });
      return skipped;
    },
  });
  await Promise.all([
    followTopic({ bus, topic: 'incidents', view: told(book), logger, signal }),
    followTopic({ bus, topic: 'ledger', view: told(ledger), logger, signal }),
  ]);
}
