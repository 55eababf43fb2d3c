/** Starts the services of one process over one log and one store. Each starts after the services that it sends to. */
import { type Bus, createBus } from '@faultline/bus';
import { createCorrelator, ruleWarnings, suppressionOf } from '@faultline/correlator';
import { createIngest, createReplayer, environmentRulesOf, type ReplayLetter } from '@faultline/ingest';
import { createKube } from '@faultline/kube';
import { createNotifier } from '@faultline/notifier';
import { createQuery } from '@faultline/query';
import { createRecorder } from '@faultline/recorder';
import {
  type Authenticator,
  type Clock,
  createAuthenticator,
  createHttpServer,
  createLogger,
  Health,
  httpUrlOf,
  type Logger,
  listen,
  type Started,
  type StopStack,
  startOne,
  startTelemetry,
  startWith,
  systemClock,
  type Tracer,
} from '@faultline/runtime';
import { createStore, type Store } from '@faultline/store';
import type { FastifyPluginAsync } from 'fastify';
import type { AppConfig } from './app-config.ts';
import { type ServiceName, serviceNames } from './service-list.ts';
import { version } from './version.ts';

/** Base addresses, `http://host:port`. Null for a service that this process does not run. */
export interface AppAddresses {
  readonly http: string;
  readonly otlpHttp: string | null;
  readonly otlpGrpc: string | null;
  readonly queryGrpc: string | null;
}

export interface App {
  readonly addresses: AppAddresses;
  readonly bus: Bus;
  readonly store: Store | null;
  readonly health: Health;
  /** Resolves with the cause when a service's loop has failed for good. The process should end, so that its supervisor restarts it. */
  readonly failed: Promise<unknown>;
}

export interface StartOptions {
  /** Default: every service. */
  readonly only?: ReadonlySet<ServiceName>;
  readonly clock?: Clock;
  /** Ends the wait for servers that are not up yet. The start then rejects. */
  readonly signal?: AbortSignal;
}

/** Longest stop. Deployment files give a process more time than that. */
export const stopDeadlineMs = 20_000;

/** The parts that every service gets. */
interface Parts {
  readonly config: AppConfig;
  readonly bus: Bus;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly health: Health;
  readonly authenticator: Authenticator;
  readonly tracer: Tracer;
  /** HTTP address of this process. */
  readonly httpUrl: () => string;
}

/** Resolves when everything listens. When a part cannot start it stops the others and throws that part's AppError. */
export async function startApp(config: AppConfig, options: StartOptions = {}): Promise<Started<App>> {
  // Telemetry starts first: instruments created before it would record nothing.
  const telemetry = await startTelemetry(config.telemetry, version);
  const logger = createLogger(config.log, telemetry.logSink === null ? {} : { sink: telemetry.logSink });
  if (config.telemetry.enabled && telemetry.metricsText === null)
    logger.warn('another Faultline in this process uses its telemetry: this one is not measured');
  const start = (stack: StopStack): Promise<App> => {
    stack.push('telemetry', () => telemetry.stop());
    const { metricsText, tracer } = telemetry;
    return startParts(stack, config, { logger, metricsText, tracer, ...options });
  };
  return startWith(start, { logger, deadlineMs: stopDeadlineMs });
}

interface PartOptions extends StartOptions {
  readonly logger: Logger;
  readonly metricsText: (() => Promise<string>) | null;
  readonly tracer: Tracer;
}

async function startParts(stack: StopStack, config: AppConfig, options: PartOptions): Promise<App> {
  const { logger, tracer, clock = systemClock, only = new Set(serviceNames), signal } = options;
  const health = new Health();
  const authenticator = createAuthenticator(config.auth);
  const bus = await startOne(stack, 'bus', createBus(config.bus, { logger, clock, health, ...(signal && { signal }) }));
  // The notifier may send pages before the HTTP server listens.
  let httpUrl = httpUrlOf(config.http);
  const parts: Parts = { config, bus, logger, clock, health, authenticator, tracer, httpUrl: () => httpUrl };
  const store = needsStore(only)
    ? await startOne(stack, 'store', createStore(config.store, { logger, clock, health, tracer }))
    : null;
  const services = await startServices(stack, parts, store, only);
  httpUrl = await serveHttp(stack, parts, { routes: services.routes, metricsText: options.metricsText });
  return { addresses: { http: httpUrl, ...services.addresses }, bus, store, health, failed: services.failed };
}

function needsStore(only: ReadonlySet<ServiceName>): boolean {
  return only.has('recorder') || only.has('correlator') || only.has('query');
}

interface Services {
  readonly routes: readonly FastifyPluginAsync[];
  readonly addresses: Omit<AppAddresses, 'http'>;
  readonly failed: Promise<unknown>;
}

async function startServices(
  stack: StopStack,
  parts: Parts,
  store: Store | null,
  only: ReadonlySet<ServiceName>,
): Promise<Services> {
  const { config } = parts;
  const loops: { readonly done: Promise<void> }[] = store === null ? [] : [store];
  const notifier = only.has('notifier')
    ? await startOne(stack, 'notifier', createNotifier({ ...parts, config: config.notifier }))
    : null;
  if (notifier !== null) loops.push(notifier);
  if (store !== null && only.has('correlator')) {
    for (const warning of ruleWarnings(config.correlator, parts.clock())) parts.logger.warn(warning);
    loops.push(await startOne(stack, 'correlator', createCorrelator({ ...parts, store, config: config.correlator })));
  }
  if (store !== null && only.has('recorder'))
    loops.push(
      await startOne(
        stack,
        'recorder',
        createRecorder({ ...parts, store, onDamaged: store.onDamaged, config: config.recorder }),
      ),
    );
  const ingest = only.has('ingest')
    ? await startOne(stack, 'ingest', createIngest({ ...parts, config: config.ingest }))
    : null;
  const query =
    store !== null && only.has('query')
      ? await startOne(
          stack,
          'query',
          createQuery({
            ...parts,
            store,
            config: config.query,
            environmentRules: environmentRulesOf(config.ingest),
            rightsizing: config.rightsizing,
            suppressionOf: (alert) => suppressionOf(config.correlator, alert),
            replayLetter: ingest?.replay ?? (await startReplayer(stack, parts)),
          }),
        )
      : null;
  // Without a configured cluster there is nothing to watch, so `all` runs without one.
  if (only.has('kube') && config.kube.enabled)
    loops.push(await startOne(stack, 'kube', createKube({ ...parts, config: config.kube })));
  return {
    routes: [ingest?.routes, query?.routes, notifier?.routes].filter((routes) => routes !== undefined),
    addresses: {
      otlpHttp: ingest === null ? null : otlpHttpUrl(config, ingest.ports.otlpHttp),
      otlpGrpc: ingest === null ? null : `${config.ingest.otlpGrpc.host}:${ingest.ports.otlpGrpc}`,
      queryGrpc: query === null ? null : `${config.query.host}:${query.ports.grpc}`,
    },
    failed: firstFailure(loops),
  };
}

/** Where ingest runs apart, the API sends dead letters again by itself. */
async function startReplayer(stack: StopStack, parts: Parts): Promise<ReplayLetter> {
  return await startOne(stack, 'replayer', createReplayer({ ...parts, config: parts.config.ingest }));
}

function otlpHttpUrl({ ingest: { otlpHttp } }: AppConfig, port: number): string {
  return httpUrlOf({ ...otlpHttp, port });
}

/** A failed loop must not hide in a process that looks alive: paging would stop unnoticed. */
function firstFailure(loops: readonly { readonly done: Promise<void> }[]): Promise<unknown> {
  return new Promise((resolve) => {
    for (const { done } of loops) done.catch(resolve);
  });
}

/** Listens last and closes first, so that everything it serves is ready. */
async function serveHttp(
  stack: StopStack,
  { config, logger, health, authenticator }: Parts,
  served: { routes: readonly FastifyPluginAsync[]; metricsText: (() => Promise<string>) | null },
): Promise<string> {
  let ready = false;
  const metrics = served.metricsText === null ? {} : { metricsText: served.metricsText };
  const server = createHttpServer({
    config: config.http,
    logger,
    health,
    authenticator,
    isReady: () => ready,
    ...metrics,
  });
  for (const routes of served.routes) await server.register(routes);
  const address = await listen(server, { config: config.http, authenticator });
  ready = true;
  stack.push('http', async () => {
    ready = false;
    await server.close();
  });
  return address;
}
