import { join } from 'node:path';
import {
  type Clock,
  type Component,
  createDiskWatch,
  type Health,
  type Logger,
  noTracer,
  type Started,
  type Tracer,
} from '@faultline/runtime';
import { openBlockFolder } from './block-folder.ts';
import type { StoreConfig } from './config.ts';
import { reportingDamage, watchInBackground } from './damage/trigger.ts';
import { DamageWatch } from './damage/watch.ts';
import { openEmbedded } from './embedded.ts';
import { type Engine, openEngine, type Statement, serverClient } from './engine.ts';
import { boundCachesInBackground } from './engine-caches.ts';
import { insertBatches } from './insert.ts';
import { furtherSettings, type Layout, layoutOf } from './layout/layout.ts';
import { lazyEngine } from './lazy-engine.ts';
import type { Store } from './port.ts';
import { readAlertHistory } from './queries/alert-history.ts';
import { searchAlerts } from './queries/alert-search.ts';
import { listChanges } from './queries/changes.ts';
import { readEntityHealth } from './queries/entity-health.ts';
import { readKnownEnvironments } from './queries/environments.ts';
import { answerEvidence } from './queries/evidence.ts';
import { listFindings } from './queries/findings.ts';
import { readFiringHistory } from './queries/firing-history.ts';
import { readGraph } from './queries/graph.ts';
import { listIncidentAlerts } from './queries/incident-alerts.ts';
import { getIncidentRevision, listIncidents } from './queries/incidents.ts';
import { readStageTimes } from './queries/stage-times.ts';
import { readContainerUsage } from './queries/usage/container-usage.ts';
import { makeReady, type Readiness } from './ready.ts';
import { reportingDisk } from './report-disk.ts';
import { insertSpan } from './trace.ts';

export interface StoreOptions {
  readonly logger: Logger;
  readonly clock: Clock;
  /** Reports the state of the store as part `store`. */
  readonly health?: Health;
  /** Default: no tracing. */
  readonly tracer?: Tracer;
}

/**
 * Creates the store. `start` opens the engine and applies migrations and retention. It rejects with
 * STORE_FOLDER_LOCKED, STORE_FOLDER_UNUSABLE, STORE_MIGRATION_CHANGED, STORE_NEWER, STORE_DENIED or STORE_REJECTED. A
 * server that does not respond, or a folder that cannot be read, is retried after the start: until then calls reject
 * with STORE_UNAVAILABLE, and `done` rejects when it turns out to be unusable. `stop` waits for running calls, then
 * closes.
 */
export function createStore(config: StoreConfig, options: StoreOptions): Component<Store> {
  return {
    start: () =>
      startStore(
        lazyEngine(() => openFor(config, options.clock)),
        { config, layout: layoutOf(config), ...options },
      ),
  };
}

export interface StartStoreOptions extends StoreOptions {
  readonly config: StoreConfig;
  readonly layout: Layout;
}

/** Starts a store over an engine, which it closes at the end. */
export async function startStore(opened: Engine, options: StartStoreOptions): Promise<Started<Store>> {
  const { layout, health, config, logger } = options;
  const disk = createDiskWatch({ part: 'store-disk', holds: 'the store', folder: config.folder, logger, health });
  const isEmbedded = config.kind === 'embedded';
  const engine = isEmbedded ? reportingDisk(opened, disk) : opened;
  const damage = new DamageWatch({ engine, folder: config.folder, logger, health });
  const onReady = isEmbedded ? { onReady: () => damage.report() } : {};
  const ready = await makeReady({ engine, ...options, ...onReady }).catch(async (error) => {
    await engine.close();
    throw error;
  });
  const endWatch = isEmbedded ? watchInBackground(damage) : () => {};
  const endBounds = isEmbedded ? boundCachesInBackground(engine, logger) : () => {};
  const stop = async () => {
    endWatch();
    endBounds();
    await ready.stop();
    await engine.close();
    damage.stop();
    disk.stop();
    health?.remove('store');
  };
  const watched = isEmbedded ? reportingDamage(engine, damage) : engine;
  return { value: storeOver(gated(watched, ready, layout), { ...options, ready, damage }), stop };
}

/**
 * Each embedded connection blocks one of libuv's four threads, so three connections leave one for files. A server has
 * limits of its own.
 */
export async function openFor(config: StoreConfig, clock: Clock): Promise<Engine> {
  if (config.kind === 'embedded') {
    const connect = await openEmbedded(config.folder);
    const shared = { openReader: connect, openWriter: connect, clock, params: 'inlined' } as const;
    return openEngine({ ...shared, readers: 2, writers: 1, blocks: openBlockFolder(join(config.folder, 'blocks')) });
  }
  const client = serverClient({
    url: config.url,
    database: config.database,
    user: config.user,
    password: config.password?.reveal() ?? '',
  });
  const timeouts = { selectMs: config.maxQueryMs + responseGraceMs, writeMs: config.requestTimeoutMs };
  return openEngine({ openReader: () => client, openWriter: () => client, readers: 8, writers: 4, timeouts, clock });
}

/** The server itself stops a query at its limit. This is the time for its response to arrive. */
const responseGraceMs = 1000;

type Calls = Pick<Engine, 'select' | 'insert' | 'insertBlock' | 'ping'>;

/** The calls for the services: refused before the tables are ready, and with the layout's settings. */
function gated(engine: Calls, ready: Readiness, layout: Layout): Calls {
  const further = furtherSettings(layout.selectSettings);
  return {
    select: async <Row>({ sql, ...statement }: Statement) => {
      ready.require();
      // Every query ends with its SETTINGS.
      return engine.select<Row>({ ...statement, sql: `${sql}${further}` });
    },
    insert: async (sql, body) => {
      ready.require();
      return engine.insert(sql, body);
    },
    insertBlock: async (into, block) => {
      ready.require();
      return engine.insertBlock(into, block);
    },
    ping: engine.ping,
  };
}

interface StoreParts extends StartStoreOptions {
  readonly ready: Readiness;
  readonly damage: DamageWatch;
}

function storeOver(engine: Calls, parts: StoreParts): Store {
  const { config, layout, ready, damage, clock, tracer = noTracer } = parts;
  const { maxQueryMs } = config;
  const budget = { maxMs: maxQueryMs };
  return {
    insert: (batches) =>
      tracer.step(
        () => insertSpan(batches),
        () => insertBatches(engine, batches, layout),
      ),
    answerEvidence: (query) => {
      const leftMs = Math.max(1000, query.deadlineMs - clock());
      const limits = { maxMs: Math.min(maxQueryMs, leftMs), deadlineMs: clock() + leftMs };
      return answerEvidence(engine, query, { ...limits, maxServices: config.evidenceServices }, tracer);
    },
    listIncidents: (filter, page) => listIncidents(engine, filter, page, budget),
    getIncidentRevision: (request) => getIncidentRevision(engine, request, budget),
    stageTimes: (request) => readStageTimes(engine, request, budget),
    firingHistory: (request) => readFiringHistory(engine, request, budget),
    listIncidentAlerts: (request, page) => listIncidentAlerts(engine, request, page, budget),
    alertHistory: (alert) => readAlertHistory(engine, alert, budget),
    searchAlerts: (search) => searchAlerts(engine, search, budget),
    listChanges: (filter, page) => listChanges(engine, filter, page, budget),
    listFindings: (filter) => listFindings(engine, filter, budget),
    graph: (scope, range) => readGraph(engine, scope, range, budget),
    environments: (request) => readKnownEnvironments(engine, request, budget),
    entityHealth: (request) => readEntityHealth(engine, request, budget),
    containerUsage: (request) => readContainerUsage(engine, request, budget),
    onDamaged: (listener) => damage.listen(listener),
    ping: () => engine.ping().catch(() => false),
    done: ready.done,
  };
}
