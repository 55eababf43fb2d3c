import {
  type Clock,
  type Component,
  type Health,
  type Logger,
  noTracer,
  type Started,
  type Tracer,
} from '@faultline/runtime';
import type { StoreConfig } from './config.ts';
import { openEmbedded } from './embedded.ts';
import { type Engine, openEngine, type Statement, serverClient } from './engine.ts';
import { insertBatches } from './insert.ts';
import { furtherSettings, type Layout, layoutOf } from './layout/layout.ts';
import type { Store } from './port.ts';
import { readEntityHealth } from './queries/entity-health.ts';
import { answerEvidence } from './queries/evidence.ts';
import { readGraph } from './queries/graph.ts';
import { listIncidentAlerts } from './queries/incident-alerts.ts';
import { getIncidentRevision, listIncidents } from './queries/incidents.ts';
import { makeReady, type Readiness } from './ready.ts';
import { insertSpan } from './trace.ts';

export interface StoreOptions {
  readonly logger: Logger;
  readonly clock: Clock;
  /** Told as `store`. */
  readonly health?: Health;
  /** Sees what is done within a unit of work. Default: nothing is traced. */
  readonly tracer?: Tracer;
}

/**
 * The store. Start opens the engine, applies migrations and retention; it throws STORE_FOLDER_LOCKED, STORE_FOLDER_UNUSABLE,
 * STORE_MIGRATION_CHANGED, STORE_NEWER, STORE_DENIED or STORE_REJECTED. A server that does not answer is waited for after the start: until
 * then calls throw STORE_UNAVAILABLE, and `done` tells when it cannot be used after all. Stop waits for calls that run, then closes.
 */
export function createStore(config: StoreConfig, options: StoreOptions): Component<Store> {
  return {
    start: async () =>
      startStore(await openFor(config, options.clock), { config, layout: layoutOf(config), ...options }),
  };
}

export interface StartStoreOptions extends StoreOptions {
  readonly config: StoreConfig;
  readonly layout: Layout;
}

/** A store over an engine, which it closes in the end. */
export async function startStore(engine: Engine, options: StartStoreOptions): Promise<Started<Store>> {
  const { layout, health } = options;
  const ready = await makeReady({ engine, ...options }).catch(async (error) => {
    await engine.close();
    throw error;
  });
  const stop = async () => {
    await ready.stop();
    await engine.close();
    health?.remove('store');
  };
  return { value: storeOver(gated(engine, ready, layout), { ...options, ready }), stop };
}

/** Embedded lanes block threads of libuv's pool of four: three of them leave one for files. A server has its own limits. */
export async function openFor(config: StoreConfig, clock: Clock): Promise<Engine> {
  if (config.kind === 'embedded') {
    const connect = await openEmbedded(config.folder);
    return openEngine({ openReader: connect, openWriter: connect, readers: 2, writers: 1, clock, params: 'written' });
  }
  const client = serverClient({
    url: config.url,
    database: config.database,
    user: config.user,
    password: config.password?.reveal() ?? '',
  });
  const patience = { selectMs: config.maxQueryMs + queryGraceMs, writeMs: config.requestTimeoutMs };
  return openEngine({ openReader: () => client, openWriter: () => client, readers: 8, writers: 4, patience, clock });
}

/** The server stops a query itself at its limit; this is for its answer to come. */
const queryGraceMs = 1000;

/** Calls for the services: none before the tables are ready, and queries as the layout wants them. */
function gated(engine: Engine, ready: Readiness, layout: Layout): Pick<Engine, 'select' | 'insert' | 'ping'> {
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
    ping: engine.ping,
  };
}

interface StoreParts extends StartStoreOptions {
  readonly ready: Readiness;
}

function storeOver(engine: Pick<Engine, 'select' | 'insert' | 'ping'>, parts: StoreParts): Store {
  const { config, layout, ready, clock, tracer = noTracer } = parts;
  const { maxQueryMs } = config;
  const budget = { maxMs: maxQueryMs };
  return {
    insert: (batches) =>
      tracer.step(
        () => insertSpan(batches),
        () => insertBatches(engine, batches, layout),
      ),
    answerEvidence: (question) => {
      const leftMs = Math.max(1000, question.deadlineMs - clock());
      const limits = { maxMs: Math.min(maxQueryMs, leftMs), dueMs: clock() + leftMs };
      return answerEvidence(engine, question, { ...limits, maxServices: config.evidenceServices }, tracer);
    },
    listIncidents: (filter, page) => listIncidents(engine, filter, page, budget),
    getIncidentRevision: (request) => getIncidentRevision(engine, request, budget),
    listIncidentAlerts: (request, page) => listIncidentAlerts(engine, request, page, budget),
    graph: (scope, range) => readGraph(engine, scope, range, budget),
    entityHealth: (request) => readEntityHealth(engine, request, budget),
    ping: () => engine.ping().catch(() => false),
    done: ready.done,
  };
}
